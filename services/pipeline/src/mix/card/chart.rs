//! The card's pictures, as SVG text.

use lehr_record::{Difficulties, MixManifest};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

const INK: RGBColor = RGBColor(35, 39, 47);
const SOFT: RGBColor = RGBColor(100, 107, 120);
const LINE: RGBColor = RGBColor(227, 230, 235);

/// The colours of datasets, taken in turn.
const COLOURS: [RGBColor; 8] = [
    RGBColor(64, 112, 178),
    RGBColor(47, 143, 91),
    RGBColor(217, 164, 65),
    RGBColor(194, 87, 63),
    RGBColor(138, 107, 176),
    RGBColor(74, 160, 170),
    RGBColor(160, 120, 84),
    RGBColor(120, 128, 140),
];

/// The picture's width and the height of a dataset's row, in pixels.
const WIDTH: i32 = 880;
const ROW: i32 = 26;

/// Where bars begin and end.
const BARS: (i32, i32) = (200, 690);

/// The shares of the tokens that the datasets were asked for and reached.
pub(super) fn composition(manifest: &MixManifest) -> Result<String, String> {
    let rows = i32::try_from(manifest.counts.len()).unwrap_or(i32::MAX / ROW - 4);
    svg(52 + rows * ROW + 30, |area| {
        whole(area, manifest)?;
        let widest = manifest.counts.iter().flat_map(|c| [c.share_asked, c.share_reached]);
        let widest = widest.fold(f64::MIN_POSITIVE, f64::max);
        let x = |share: f64| BARS.0 + (share / widest * f64::from(BARS.1 - BARS.0)) as i32;
        for (at, count) in manifest.counts.iter().enumerate() {
            let top = 52 + at as i32 * ROW;
            let colour = COLOURS[at % COLOURS.len()];
            words(area, &shortened(&count.name), (BARS.0 - 10, top + 9), HPos::Right, &INK)?;
            bar(area, (BARS.0, top), (x(count.share_reached), top + 18), &colour)?;
            // What was asked for: a mark across the bar.
            let mark = x(count.share_asked);
            bar(area, (mark - 1, top - 3), (mark + 1, top + 21), &INK)?;
            let right = x(count.share_reached).max(mark) + 8;
            let shares =
                format!("{:.2}% of {:.2}%", count.share_reached * 100.0, count.share_asked * 100.0);
            words(area, &shares, (right, top + 9), HPos::Left, &SOFT)?;
        }
        let legend = "bar: share of the tokens that was reached; mark: share that was asked for";
        words(area, legend, (BARS.0, 52 + rows * ROW + 12), HPos::Left, &SOFT)
    })
}

/// One bar for the whole mix, on top.
fn whole(area: &Area<'_>, manifest: &MixManifest) -> Drawn {
    let (left, right) = (10.0, f64::from(WIDTH - 10));
    let mut from = left;
    for (at, count) in manifest.counts.iter().enumerate() {
        let to = from + (right - left) * count.share_reached;
        let colour = COLOURS[at % COLOURS.len()];
        bar(area, (from as i32, 10), (to as i32, 36), &colour)?;
        from = to;
    }
    Ok(())
}

/// How many documents there are in each tenth of the difficulty.
pub(super) fn difficulty(counts: &Difficulties) -> Result<String, String> {
    let most = counts.tenths.iter().copied().max().unwrap_or(0).max(1) as f64;
    svg(230, |area| {
        let step = (WIDTH - 60) / 10;
        for (at, count) in counts.tenths.iter().enumerate() {
            let left = 30 + at as i32 * step;
            let top = 190 - (*count as f64 / most * 160.0).ceil() as i32;
            bar(area, (left + 3, 190), (left + step - 3, 191), &LINE)?;
            bar(area, (left + 3, top), (left + step - 3, 190), &COLOURS[0])?;
            let middle = left + step / 2;
            words(area, &count.to_string(), (middle, top - 9), HPos::Center, &SOFT)?;
            let range = format!("{:.1} to {:.1}", at as f64 / 10.0, (at + 1) as f64 / 10.0);
            words(area, &range, (middle, 204), HPos::Center, &INK)?;
        }
        Ok(())
    })
}

fn svg(height: i32, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String, String> {
    let mut svg = String::new();
    {
        let size = (WIDTH as u32, height as u32);
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&area).and_then(|()| Ok(area.present()?)).map_err(|e| e.to_string())?;
    }
    Ok(svg)
}

fn bar(area: &Area<'_>, from: (i32, i32), to: (i32, i32), colour: &RGBColor) -> Drawn {
    area.draw(&Rectangle::new([from, to], colour.filled())).map_err(|e| e.to_string())?;
    Ok(())
}

fn words(area: &Area<'_>, text: &str, at: (i32, i32), side: HPos, colour: &RGBColor) -> Drawn {
    let style = ("sans-serif", 13).into_font().color(colour).pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text.to_owned(), at, style)).map_err(|e| e.to_string())?;
    Ok(())
}

/// A name as it fits beside the bars; names are ASCII.
fn shortened(name: &str) -> String {
    const FITS: usize = 26;
    match name.char_indices().nth(FITS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
