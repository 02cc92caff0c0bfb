//! A deck for larger text: labels are shared out over more steps, so that each is as large as it should be.

use super::{
    Deck,
    place::Placed,
    structure::{Layout, Structure},
    words::Words,
};

/// As many signs of a label stand well on a text slide at the usual size, in the width that a size of 100 percent needs.
const SIGNS: usize = 165;

impl Deck {
    /// The same deck with its labels shared out for text of a size in percent. Where nothing is larger, nothing changes.
    ///
    /// Steps of scenes stay whole: they stand under the headline in one line, and give way in size.
    #[must_use]
    pub fn enlarged(mut self, percent: u32) -> Self {
        if percent > 100 {
            let most = SIGNS * 100 / percent as usize;
            share_out(&self.structure, &mut self.words, most);
            if let Some(english) = self.fallback.as_deref_mut() {
                share_out(&self.structure, english, most);
            }
        }
        self
    }
}

fn share_out(structure: &Structure, words: &mut Words, most: usize) {
    for topic in &structure.topics {
        let Some(topic_words) = words.topics.get_mut(topic.slug.as_str()) else { continue };
        for slide in topic.slides.iter().filter(|s| s.scene.is_none() && s.layout == Layout::Text) {
            let Some(slide_words) = topic_words.value.slides.get_mut(slide.slug.as_str()) else { continue };
            let steps = std::mem::take(&mut slide_words.value.steps);
            slide_words.value.steps = steps
                .into_iter()
                .flat_map(|step| {
                    let parts = parts(&step.value, most);
                    parts.into_iter().map(move |part| Placed { value: part, at: step.at.clone() })
                })
                .collect();
        }
    }
}

/// Parts of a label of at most so many signs, about equally long, each of whole sentences. A longer sentence stays whole.
fn parts(text: &str, most: usize) -> Vec<String> {
    let signs = |text: &str| text.chars().count();
    let wanted = signs(text).div_ceil(most.max(1));
    if wanted <= 1 {
        return vec![text.to_owned()];
    }
    let each = signs(text) / wanted;
    let mut parts: Vec<String> = Vec::new();
    for sentence in sentences(text) {
        match parts.last_mut() {
            // A part that has its share, or would grow too long, ends.
            Some(last) if signs(last) < each && signs(last) + 1 + signs(sentence) <= most => {
                last.push(' ');
                last.push_str(sentence);
            }
            _ => parts.push(sentence.to_owned()),
        }
    }
    parts
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut ended = false;
    for (at, sign) in text.char_indices() {
        match sign {
            '.' | '?' | '!' => ended = true,
            '”' | '’' | ')' | '_' => {}
            // A space that keeps words together ends nothing.
            ' ' if ended => {
                found.push(text[from..at].trim());
                (from, ended) = (at + 1, false);
            }
            _ => ended = false,
        }
    }
    found.push(text[from..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(sentences("One. Two? “Three!” Four"), ["One.", "Two?", "“Three!”", "Four"]);
        assert_eq!(sentences("It costs 2.24 % of it. Yes."), ["It costs 2.24 % of it.", "Yes."]);
        assert_eq!(sentences(""), Vec::<&str>::new());
    }

    #[test]
    fn parts_are_whole_sentences_and_nothing_is_lost() {
        let text = "A short one. Then one that is a little longer than the first. And a third. The last of four.";
        let parts = parts(text, 60);
        assert!(parts.len() > 1, "{parts:?}");
        assert_eq!(parts.join(" "), text);
        assert!(parts.iter().all(|p| p.chars().count() <= 60), "{parts:?}");
        assert_eq!(super::parts("Short.", 60), ["Short."]);
        let long = "A sentence that is longer than it may be stays whole all the same. Yes.";
        assert_eq!(super::parts(long, 30).len(), 2);
    }

    #[test]
    fn larger_text_takes_more_steps_and_ordinary_text_stays() {
        let deck = || Deck::load(None, None, "en").unwrap_or_else(|findings| panic!("{findings:?}"));
        let steps = |deck: &Deck| deck.walk().map(|at| deck.steps(at.topic, at.slide)).sum::<usize>();
        let (plain, same, large) = (deck(), deck().enlarged(100), deck().enlarged(135));
        assert_eq!(plain.words, same.words);
        assert!(steps(&large) > steps(&plain), "{} against {}", steps(&large), steps(&plain));
        assert_eq!(large.clone().enlarged(135).words, large.words, "once is enough");
    }
}
