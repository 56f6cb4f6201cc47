//! One quantity over the steps of a run, as SVG.

use std::fmt::Display;
use std::ops::Range;

use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;

/// Width and height in SVG units; the page scales the whole.
const SIZE: (u32, u32) = (960, 270);
/// More points than this are thinned to the lowest and highest of each stretch, so that no spike
/// is lost.
const POINTS: usize = 1500;

/// A logarithmic axis over less than this factor would have next to no labels.
const LOG_FROM: f64 = 20.0;

const INK: RGBColor = RGBColor(60, 64, 72);
const GRID: RGBColor = RGBColor(232, 234, 238);
const BORDER: RGBColor = RGBColor(150, 156, 168);

/// What a chart shows.
pub(super) struct Chart<'a> {
    /// The vertical axis in words.
    pub label: &'a str,
    /// (step, value), in rising order of the steps. Values must be finite.
    pub points: Vec<(f64, f64)>,
    /// The horizontal axis: the steps of the whole run.
    pub steps: Range<f64>,
    /// Where phases begin, by name; drawn as upright lines.
    pub phases: Vec<(f64, String)>,
    /// The colour of the line.
    pub color: RGBColor,
    /// Whether the vertical axis is logarithmic where values differ much; they are then above 0.
    pub log: bool,
}

impl Chart<'_> {
    /// The chart as an `<svg>` element.
    ///
    /// # Errors
    /// What the drawing library reports, in words.
    pub(super) fn svg(&self) -> Result<String, String> {
        let values = || self.points.iter().map(|point| point.1);
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(f64::NEG_INFINITY, f64::max);
        if self.log && high / low >= LOG_FROM {
            let room = (high / low).powf(0.08);
            self.draw((low / room..high * room).log_scale(), low / room..high * room)
        } else {
            let room = if high > low { 0.06 * (high - low) } else { high.abs().max(1.0) * 0.1 };
            // A quantity that is never negative has its axis begin at or above 0.
            let bottom = if low >= 0.0 { (low - room).max(0.0) } else { low - room };
            self.draw(bottom..high + room, bottom..high + room)
        }
    }

    /// Draws over the vertical axis `axis`, which spans `range`.
    fn draw<Y>(&self, axis: Y, range: Range<f64>) -> Result<String, String>
    where
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let mut svg = String::new();
        let words = |error: &dyn Display| error.to_string();
        {
            let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            let mut chart = ChartBuilder::on(&root)
                .margin_top(22)
                .margin_right(18)
                .x_label_area_size(40)
                .y_label_area_size(76)
                .build_cartesian_2d::<_, Y>(self.steps.clone(), axis)
                .map_err(|e| words(&e))?;
            chart
                .configure_mesh()
                .light_line_style(TRANSPARENT)
                .bold_line_style(GRID)
                .axis_style(BORDER)
                .label_style(("sans-serif", 13).into_font().color(&INK))
                .axis_desc_style(("sans-serif", 14).into_font().color(&INK))
                .x_desc("step")
                .y_desc(self.label)
                .x_labels(10)
                .y_labels(6)
                .x_label_formatter(&|step| {
                    // There is no step between two steps.
                    if step.fract() == 0.0 { format!("{step:.0}") } else { String::new() }
                })
                .y_label_formatter(&|value| short(*value))
                .draw()
                .map_err(|e| words(&e))?;
            for (step, name) in &self.phases {
                let line = [(*step, range.start), (*step, range.end)];
                chart
                    .draw_series(DashedLineSeries::new(line, 4, 4, BORDER.into()))
                    .map_err(|e| words(&e))?;
                let style = ("sans-serif", 13).into_font().color(&INK);
                let label =
                    EmptyElement::at((*step, range.end)) + Text::new(name.clone(), (4, -16), style);
                chart.draw_series([label]).map_err(|e| words(&e))?;
            }
            let points = thin(&self.points);
            if let [only] = points[..] {
                chart
                    .draw_series([Circle::new(only, 3, self.color.filled())])
                    .map_err(|e| words(&e))?;
            }
            chart
                .draw_series(LineSeries::new(points, self.color.stroke_width(2)))
                .map_err(|e| words(&e))?;
            root.present().map_err(|e| words(&e))?;
        }
        Ok(svg)
    }
}

/// The lowest and the highest point of each stretch, in order.
fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= POINTS {
        return points.to_vec();
    }
    let stretch = points.len().div_ceil(POINTS / 2);
    let by_value = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
    points
        .chunks(stretch)
        .flat_map(|chunk| {
            let low = chunk.iter().min_by(by_value).copied().unwrap_or(chunk[0]);
            let high = chunk.iter().max_by(by_value).copied().unwrap_or(chunk[0]);
            if low.0 <= high.0 { [low, high] } else { [high, low] }
        })
        .collect()
}

/// A number as people write it: 0.0125, 4.9M, 3e-7.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    let (scaled, unit) = match size {
        _ if size >= 1e12 => return format!("{value:.1e}"),
        _ if size >= 1e9 => (value / 1e9, "B"),
        _ if size >= 1e6 => (value / 1e6, "M"),
        _ if size >= 1e4 => (value / 1e3, "K"),
        _ if size == 0.0 => return "0".into(),
        _ if size < 1e-4 => return format!("{value:.1e}"),
        _ => (value, ""),
    };
    let digits = match scaled.abs() {
        s if s >= 100.0 => 0,
        s if s >= 1.0 => 2,
        s if s >= 0.01 => 4,
        _ => 5,
    };
    let text = format!("{scaled:.digits$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{unit}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (0.01, "0.01"),
            (0.001333, "0.00133"),
            (2.5, "2.5"),
            (256.0, "256"),
            (4096.0, "4096"),
            (28_672.0, "28.67K"),
            (4_900_000.0, "4.9M"),
            (3e-7, "3.0e-7"),
            (-12.0, "-12"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn thinning_keeps_spikes() {
        let mut points: Vec<_> = (0..100_000).map(|step| (f64::from(step), 1.0)).collect();
        points[54_321].1 = 9.0;
        points[54_322].1 = -3.0;
        let thin = thin(&points);
        assert!(thin.len() <= POINTS);
        assert!(thin.contains(&(54_321.0, 9.0)) && thin.contains(&(54_322.0, -3.0)));
        assert!(thin.is_sorted_by_key(|point| point.0));
    }

    #[test]
    fn flat_and_single_values_have_a_chart() {
        for (points, log) in [
            (vec![(1.0, 0.0)], false),
            (vec![(1.0, 5.0), (2.0, 5.0)], false),
            (vec![(1.0, 1e5), (2.0, 1e5)], true),
            (vec![(1.0, 1e4), (2.0, 4.9e5)], true),
        ] {
            let chart = Chart {
                label: "x",
                points,
                steps: 0.0..3.0,
                phases: vec![(0.0, "a & b".into())],
                color: BLUE,
                log,
            };
            let svg = chart.svg().unwrap();
            assert!(svg.starts_with("<svg") && svg.contains("a &amp; b"), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"));
        }
    }
}
