//! What announces an answer in Chinese (`答案是`, `故选`), and what takes one back.

use super::anchor::Anchor;

/// An anchor that starts with a Chinese character.
pub(super) fn chinese(text: &str, at: usize, rest: &str) -> Option<Anchor> {
    const SOFTENERS: [&str; 10] =
        ["应该", "应当", "显然", "应", "就", "即", "便", "一定", "只能", "必"];
    const CONNECTORS: [&str; 11] =
        ["】", "等于", "是", "为", "选择", "选", "：", ":", "＝", "=", "即"];
    let end_of =
        |said: &str| text.len() - said.trim_start_matches([' ', '\t', '*', '_', ':', '：']).len();
    if let Some(mut said) = rest.strip_prefix("答案").or_else(|| rest.strip_prefix("正确选项"))
    {
        said = said.trim_start_matches([' ', '\t', '*', '_']);
        // Somebody's: `小明的答案`, and not `最终的答案`.
        let before = text.get(..at)?;
        let owned = before
            .strip_suffix('的')
            .is_some_and(|owner| !owner.ends_with(['终', '后', '确', '题']));
        if owned {
            return None;
        }
        // The lines under a heading.
        if let Some(below) = said.trim_start_matches('\r').strip_prefix('\n') {
            let line = text.get(..at)?.rsplit('\n').next()?;
            let titled = line.trim_matches(['*', '#', ' ', '_']);
            let heading = matches!(titled, "" | "最终" | "最后") && below.trim_start() != "";
            let below = below.trim_start();
            return heading.then(|| Anchor { place: at..end_of(below), weak: false });
        }
        for softener in SOFTENERS {
            said = said.strip_prefix(softener).unwrap_or(said);
        }
        let connected = CONNECTORS.iter().find_map(|connector| said.strip_prefix(connector))?;
        if connected.starts_with('否') {
            return None;
        }
        return Some(Anchor { place: at..end_of(connected), weak: false });
    }
    if !text.get(..at)?.ends_with('间')
        && let Some(said) = rest.strip_prefix("结果")
        && let Some(said) = ["是", "为", "：", ":", "="].iter().find_map(|c| said.strip_prefix(c))
    {
        return Some(Anchor { place: at..end_of(said), weak: true });
    }
    if let Some(said) = rest.strip_prefix("答：").or_else(|| rest.strip_prefix("答:")) {
        return Some(Anchor { place: at..end_of(said), weak: true });
    }
    let chosen = ["故选择", "应选择", "故选", "应选", "选择", "选"]
        .iter()
        .find_map(|w| rest.strip_prefix(w))?;
    let before = text.get(..at)?.chars().next_back();
    // Others may choose too, and what is not to be chosen is chosen as well.
    let other = before.is_some_and(|c| {
        ('\u{4E00}'..='\u{9FFF}').contains(&c) && !"故以此我题终则是案".contains(c)
    });
    let end = end_of(chosen);
    (!other && is_lettered(text.get(end..)?)).then_some(Anchor { place: at..end, weak: false })
}

/// Whether a text begins with the letter of an option: `B`, `(B)`, `$\text{B}$`.
fn is_lettered(text: &str) -> bool {
    let mut rest = text;
    while let Some(inner) = ["$", "\\text{", "\\mathrm{", "(", "（", "**", "\\(", "{"]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
    {
        rest = inner;
    }
    let mut chars = rest.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars.next().is_none_or(|c| !(c.is_ascii_alphanumeric() || "_^'’+-=".contains(c)))
}

/// Whether a run of Chinese takes back what came before it.
pub(super) fn takes_back_in_chinese(run: &str) -> bool {
    const REMARKS: [&str; 12] = [
        "不对",
        "错了",
        "有误",
        "更正",
        "等等",
        "等一下",
        "抱歉",
        "不正确",
        "错误",
        "重新",
        "修正",
        "算错",
    ];
    REMARKS.iter().any(|remark| run.contains(remark))
}
