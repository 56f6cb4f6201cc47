//! The report's pictures, as SVG text.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

/// One curve over the steps of the run.
pub(super) struct Curve<'a> {
    /// What the vertical axis shows.
    pub label: &'a str,
    /// Step and value.
    pub points: Vec<(f64, f64)>,
    /// Single values that belong beside the curve: step, value, name.
    pub marks: Vec<(f64, f64, String)>,
    /// The step at which the second phase begins.
    pub border: Option<f64>,
    /// The line's colour.
    pub color: RGBColor,
    /// Whether the values are small enough to be written as powers of ten.
    pub scientific: bool,
}

impl Curve<'_> {
    /// Draws the curve.
    ///
    /// # Errors
    /// When there is nothing to draw, or the drawing library fails.
    pub fn svg(&self) -> Result<String> {
        let finite = |value: &f64| value.is_finite();
        let values = self.points.iter().map(|point| point.1);
        let values: Vec<f64> =
            values.chain(self.marks.iter().map(|mark| mark.1)).filter(finite).collect();
        let low = values.iter().copied().reduce(f64::min).ok_or_else(|| anyhow!("no values"))?;
        let high = values.iter().copied().fold(low, f64::max);
        let room = ((high - low) * 0.08).max(high.abs() * 1e-3).max(f64::MIN_POSITIVE);
        let bottom = if low >= 0.0 { (low - room).max(0.0) } else { low - room };
        let last = self.points.iter().map(|point| point.0).fold(1.0, f64::max);
        self.draw(0.0..last + 1.0, bottom..high + room).map_err(|e| anyhow!("{}: {e}", self.label))
    }

    fn draw(
        &self,
        steps: std::ops::Range<f64>,
        values: std::ops::Range<f64>,
    ) -> Result<String, Box<dyn std::error::Error + '_>> {
        let mut svg = String::new();
        {
            let area = SVGBackend::with_string(&mut svg, (880, 300)).into_drawing_area();
            let mut chart = ChartBuilder::on(&area)
                .margin(12)
                .x_label_area_size(38)
                .y_label_area_size(72)
                .build_cartesian_2d(steps, values.clone())?;
            let plain = |value: &f64| format!("{value:.2}");
            let powers = |value: &f64| format!("{value:.1e}");
            // There is no half step.
            let whole = |step: &f64| match step.fract() {
                0.0 => format!("{step:.0}"),
                _ => String::new(),
            };
            chart
                .configure_mesh()
                .x_desc("step")
                .y_desc(self.label)
                .x_label_formatter(&whole)
                .y_label_formatter(if self.scientific { &powers } else { &plain })
                .light_line_style(TRANSPARENT)
                .bold_line_style(RGBColor(228, 231, 236))
                .axis_style(RGBColor(150, 156, 168))
                .label_style(("sans-serif", 13, &RGBColor(60, 64, 72)))
                .draw()?;
            if let Some(border) = self.border {
                let line = [(border, values.start), (border, values.end)];
                chart.draw_series([PathElement::new(
                    line,
                    RGBColor(190, 120, 40).stroke_width(1),
                )])?;
            }
            let points = || self.points.iter().copied();
            chart.draw_series(LineSeries::new(points(), self.color.stroke_width(2)))?;
            chart.draw_series(points().map(|point| Circle::new(point, 2, self.color.filled())))?;
            for (step, value, name) in &self.marks {
                let mark = EmptyElement::at((*step, *value))
                    + Circle::new((0, 0), 5, RGBColor(190, 60, 60).filled())
                    + Text::new(name.clone(), (8, -16), ("sans-serif", 13));
                chart.draw_series([mark])?;
            }
            area.present()?;
        }
        Ok(svg)
    }
}
