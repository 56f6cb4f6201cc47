//! The part of the page that tells what became of the documents.

use super::page::escape;
use crate::data::PackingReport;

/// Datasets that are shown; `packing.json` has all.
const SHOWN: usize = 40;

/// The section on documents; of the `places` in the rows so far, `padded` were padding.
pub(super) fn section(packing: &PackingReport, padded: u64, places: u64) -> String {
    let percent = |share: f64| format!("{:.2}%", 100.0 * share);
    let mut datasets = String::new();
    for dataset in packing.datasets.iter().take(SHOWN) {
        datasets += &format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escape(&dataset.name),
            dataset.documents,
            dataset.tokens,
            dataset.documents - dataset.drawn_documents,
            dataset.share_asked.map_or("–".to_owned(), percent),
            percent(dataset.share_reached),
        );
    }
    let mut contexts = String::new();
    for context in &packing.contexts {
        contexts += &format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.3}%</td><td>{}</td><td>{}</td></tr>\n",
            context.context,
            context.rows,
            context.padding,
            100.0 * context.efficiency,
            context.split_documents,
            context.split_pieces,
        );
    }
    let warnings: String =
        packing.warnings.iter().map(|text| format!("<p>{}</p>\n", escape(text))).collect();
    let so_far = if places == 0 {
        String::new()
    } else {
        format!(" So far {padded} of {places} places were padding.")
    };
    format!(
        "<section><h2>Documents</h2>\n<p>{} documents of {} tokens; {} without text were dropped.\
         {so_far}</p>\n{warnings}<table>\n<tr><th>dataset</th><th>documents</th><th>tokens</th>\
         <th>left out of an epoch</th><th>share asked</th><th>share of an epoch</th></tr>\n\
         {datasets}</table>\n<table>\n<tr><th>context</th><th>rows an epoch</th><th>padding</th>\
         <th>efficiency</th><th>documents split</th><th>into pieces</th></tr>\n{contexts}</table>\n\
         </section>\n",
        packing.documents, packing.tokens, packing.empty_documents,
    )
}
