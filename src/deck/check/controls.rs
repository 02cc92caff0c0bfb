//! The words and pictograms that the house's own controls ask for. A test finds what the code asks for besides.

/// The keys of control words that pages and overlays ask for, and the placeholders that they fill in.
pub const CONTROLS: &[(&str, &[&str])] = &[
    ("again", &[]),
    ("another_peer", &[]),
    ("attract_place", &[]),
    ("attract_touch", &[]),
    ("back", &[]),
    ("begin", &[]),
    ("below", &["n"]),
    ("billions", &["n"]),
    ("block_before", &[]),
    ("block_broken", &[]),
    ("block_changed", &[]),
    ("block_sealed", &[]),
    ("block_tries", &[]),
    ("bytes_gb", &["n"]),
    ("bytes_kb", &["n"]),
    ("bytes_mb", &["n"]),
    ("choose_down", &[]),
    ("choose_left", &[]),
    ("choose_right", &[]),
    ("choose_up", &[]),
    ("close", &[]),
    ("corner", &[]),
    ("deeper", &[]),
    ("error_as_built", &[]),
    ("error_as_built_save", &[]),
    ("error_hide", &[]),
    ("error_next", &[]),
    ("error_place", &["line", "column"]),
    ("error_right", &["expected"]),
    ("error_save", &[]),
    ("error_title", &[]),
    ("error_title_many", &["count"]),
    ("fast", &[]),
    ("following_topic", &[]),
    ("go_there", &[]),
    ("help", &[]),
    ("help_activate", &[]),
    ("help_alt", &["key"]),
    ("help_anywhere", &[]),
    ("help_back", &[]),
    ("help_deeper", &[]),
    ("help_ends", &[]),
    ("help_first", &[]),
    ("help_focus", &[]),
    ("help_held", &[]),
    ("help_hold", &[]),
    ("help_last", &[]),
    ("help_live", &[]),
    ("help_look", &[]),
    ("help_more", &[]),
    ("help_move", &[]),
    ("help_next", &[]),
    ("help_next_slide", &[]),
    ("help_next_topic", &[]),
    ("help_overview", &[]),
    ("help_pages", &[]),
    ("help_previous", &[]),
    ("help_previous_slide", &[]),
    ("help_previous_topic", &[]),
    ("help_rule", &[]),
    ("help_this", &[]),
    ("help_time", &[]),
    ("help_title", &[]),
    ("key_after", &[]),
    ("key_alt", &[]),
    ("key_backspace", &[]),
    ("key_before", &[]),
    ("key_capitals", &[]),
    ("key_control", &[]),
    ("key_delete", &[]),
    ("key_end", &[]),
    ("key_enter", &[]),
    ("key_erase", &[]),
    ("key_escape", &[]),
    ("key_home", &[]),
    ("key_insert", &[]),
    ("key_page_down", &[]),
    ("key_page_up", &[]),
    ("key_shift", &[]),
    ("key_small", &[]),
    ("key_space", &[]),
    ("key_tab", &[]),
    ("keys_1", &[]),
    ("keys_2", &[]),
    ("keys_3", &[]),
    ("keys_4", &[]),
    ("live", &[]),
    ("look", &[]),
    ("millions", &["n"]),
    ("more", &[]),
    ("next", &[]),
    ("next_topic", &["title"]),
    ("numbers", &[]),
    ("overview_live", &["live"]),
    ("overview_live_none", &[]),
    ("overview_live_one", &[]),
    ("overview_title", &[]),
    ("overview_topics", &["topics"]),
    ("overview_topics_one", &[]),
    ("page", &["n", "of"]),
    ("page_down", &[]),
    ("page_up", &[]),
    ("pause", &[]),
    ("peer", &[]),
    ("place", &["n", "of"]),
    ("place_below", &["n", "of", "below"]),
    ("previous_topic", &[]),
    ("quadrillions", &["n"]),
    ("rate_kb", &["n"]),
    ("rate_mb", &["n"]),
    ("resume", &[]),
    ("share", &["n"]),
    ("slow", &[]),
    ("step", &["n", "of"]),
    ("still_otherwise", &[]),
    ("still_second", &[]),
    ("still_seconds", &[]),
    ("still_title", &[]),
    ("still_touch", &[]),
    ("this_start", &[]),
    ("this_stop", &[]),
    ("this_touch", &[]),
    ("time_days", &["n"]),
    ("time_hours", &["h", "m"]),
    ("time_minutes", &["m"]),
    ("time_seconds", &["s"]),
    ("time_years", &["n"]),
    ("topics", &[]),
    ("trillions", &["n"]),
    ("writing", &[]),
];

/// The pictograms that pages and overlays draw by themselves.
pub const ICONS: &[&str] =
    &["again", "cross", "fast", "help", "look", "pause", "play", "plus", "right", "slow", "tick", "topics"];

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    /// Every source file of a folder.
    fn sources(folder: &Path, into: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                sources(&entry.path(), into);
            } else if entry.path().extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(entry.path()).unwrap();
                into.push((entry.path().display().to_string(), text));
            }
        }
    }

    /// The texts that stand directly after a call: `.control("next")`.
    fn asked<'a>(text: &'a str, call: &str) -> Vec<&'a str> {
        text.split(call).skip(1).filter_map(|rest| rest.split_once('"').map(|(key, _)| key)).collect()
    }

    #[test]
    fn whatever_the_code_asks_for_is_listed() {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let here = files.iter().filter(|(name, _)| !name.ends_with("controls.rs") && !name.contains("deck/"));
        let mut missing = Vec::new();
        for (name, text) in here {
            for key in asked(text, ".control(\"") {
                if !CONTROLS.iter().any(|(k, _)| *k == key) {
                    missing.push(format!("{name}: control `{key}`"));
                }
            }
            for key in asked(text, "icons.draw(\"") {
                if !ICONS.contains(&key) {
                    missing.push(format!("{name}: icon `{key}`"));
                }
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }
}
