//! The cursor as a table: where we are, what is done, where we are then.

use super::*;
use Action::*;

/// Three topics: A with slides of 1, 3 and 2 steps, B with one of 2 steps, C with two of 1 and 4 steps. Only A's second
/// slide and C's first have *more*.
fn shape() -> Shape {
    let slide = |steps, more| SlideShape { steps, more };
    Shape::new(vec![
        vec![slide(1, false), slide(3, true), slide(2, false)],
        vec![slide(2, false)],
        vec![slide(1, true), slide(4, false)],
    ])
}

/// "B1.2": topic B, its first slide, its second step.
fn place(text: &str) -> Position {
    let mut chars = text.chars();
    let topic = chars.next().map_or(0, |c| c as usize - 'A' as usize);
    let (slide, step) = chars.as_str().split_once('.').unwrap();
    Position { topic, slide: slide.parse::<usize>().unwrap() - 1, step: step.parse::<usize>().unwrap() - 1 }
}

fn name(at: Position) -> String {
    format!("{}{}.{}", (b'A' + u8::try_from(at.topic).unwrap()) as char, at.slide + 1, at.step + 1)
}

/// Where we begin, what is done, where we are then, and why.
const MOVES: &[(&str, &[Action], &str, &str)] = &[
    // The whole walk, onwards.
    ("A1.1", &[Next], "A2.1", "a slide of one step is left at once"),
    ("A2.1", &[Next], "A2.2", "steps come first"),
    ("A2.1", &[Next, Next], "A2.3", "and go on to the last"),
    ("A2.3", &[Next], "A3.1", "then one slide down"),
    ("A3.2", &[Next], "B1.1", "after a topic's last slide comes the next topic"),
    ("B1.2", &[Next], "C1.1", "also after a topic of one slide"),
    ("C2.4", &[Next], "C2.4", "at the end of the deck nothing comes"),
    ("A1.1", &[Next, Next, Next, Next, Next, Next, Next, Next, Next, Next], "C2.2", "ten steps of the walk"),
    // The whole walk, backwards.
    ("A2.3", &[Previous], "A2.2", "undoes a step of the present slide"),
    ("A2.2", &[Previous, Previous], "A1.1", "then the slide before"),
    ("A3.1", &[Previous], "A2.3", "a slide entered backwards and never seen stands complete"),
    ("B1.1", &[Previous], "A3.2", "before a topic's first slide is the last of the topic before"),
    ("A1.1", &[Previous], "A1.1", "at the beginning of the deck nothing is before"),
    ("A2.1", &[Next, NextSlide, Previous], "A2.2", "coming back shows a slide as it was left"),
    ("A2.1", &[Next, Next, Previous, NextSlide, Previous], "A2.2", "a step taken back stays taken back"),
    ("A2.1", &[Next, NextSlide, Previous, Previous], "A2.1", "back on a slide, its steps are undone again"),
    ("A1.1", &[NextSlide, NextSlide, Previous], "A2.1", "seen only in its first step, so left there"),
    ("C1.1", &[Previous, Previous], "B1.1", "B was entered backwards and complete: its step is undone"),
    // Skipping steps.
    ("A2.1", &[NextSlide], "A3.1", "skips the steps that are left"),
    ("A2.3", &[PreviousSlide], "A1.1", "skips the steps back"),
    ("A3.1", &[NextSlide], "B1.1", "goes on to the next topic"),
    ("B1.2", &[PreviousSlide], "A3.2", "goes back to the topic before, complete if never seen"),
    ("C2.1", &[NextSlide], "C2.1", "no way round from the last slide"),
    ("A1.1", &[PreviousSlide], "A1.1", "no way round from the first"),
    // Deeper and back.
    ("A1.1", &[Deeper], "A2.1", "one slide down"),
    ("A2.1", &[Deeper], "A3.1", "without its steps"),
    ("A3.1", &[Deeper], "A3.1", "the last slide of a topic has nothing below, not even the next topic"),
    ("A3.2", &[Back], "A2.3", "up into a slide never seen: complete"),
    ("A2.1", &[Deeper, Back], "A2.1", "up into a slide as it was left"),
    ("A1.1", &[Back], "A1.1", "nothing above the first slide"),
    ("B1.1", &[Back], "B1.1", "not even the topic before"),
    ("B1.1", &[Deeper], "B1.1", "a topic of one slide has no depth"),
    // Topics.
    ("A2.2", &[NextTopic], "B1.1", "to the first slide of a topic never entered"),
    ("A3.1", &[NextTopic, PreviousTopic], "A3.1", "back to the slide last seen there"),
    ("A2.2", &[NextTopic, PreviousTopic], "A2.2", "as it was left"),
    ("C2.1", &[PreviousTopic, NextTopic], "C2.1", "the same the other way"),
    ("C1.1", &[PreviousTopic], "B1.2", "entered backwards and never seen: complete"),
    ("B1.1", &[PreviousTopic], "A1.1", "the first slide of a topic never entered, not its last"),
    ("C1.1", &[NextTopic], "C1.1", "no topic after the last"),
    ("A3.1", &[PreviousTopic], "A3.1", "no topic before the first"),
    ("A1.1", &[NextTopic, NextTopic, Deeper, PreviousTopic, PreviousTopic, NextTopic, NextTopic], "C2.1", "each topic"),
    ("A3.1", &[Next, Next, PreviousTopic], "A3.2", "A was left on its third slide, complete"),
    ("A2.1", &[Deeper, NextTopic, First, NextTopic, PreviousTopic], "A1.1", "last seen is the last, not the deepest"),
    // The ends.
    ("B1.2", &[First], "A1.1", "the first slide of the deck"),
    ("A1.1", &[Last], "C2.1", "the last slide of the deck, from its first step"),
    ("C2.3", &[First, Last], "C2.3", "as it was left"),
    ("A1.1", &[First], "A1.1", "already there"),
    ("C2.3", &[Last], "C2.3", "already there: stays at its step"),
    // What is not the cursor's.
    ("A2.2", &[Look], "A2.2", "looks"),
    ("A2.2", &[FocusNext, FocusPrevious, Activate, Hold], "A2.2", "focus"),
    ("A2.2", &[Pause, Slow, Fast, Again], "A2.2", "time"),
    ("A2.2", &[PageDown, PageUp], "A2.2", "pages, where nothing is open"),
];

#[test]
fn moves() {
    let shape = shape();
    let mut wrong = Vec::new();
    for (from, actions, to, why) in MOVES {
        let begin = begin(&shape, place(from));
        assert_eq!(name(begin.at), *from);
        let end = actions.iter().fold(begin, |state, action| apply(&shape, &state, *action));
        if name(end.at) != *to || !end.overlays.is_empty() || end.page != 0 {
            wrong.push(format!("{from} {actions:?}: {}, not {to}: {why}; {:?}", name(end.at), end.overlays));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where we begin, what is done, where we are then, what lies over it, which page, and why.
const OVERLAYS: &[(&str, &[Action], &str, &[Overlay], usize, &str)] = &[
    ("A1.1", &[Overview], "A1.1", &[Overlay::Overview], 0, "opens"),
    ("A1.1", &[Overview, Overview], "A1.1", &[], 0, "the same again closes"),
    ("A1.1", &[Help], "A1.1", &[Overlay::Help], 0, "opens"),
    ("A1.1", &[Help, Help], "A1.1", &[], 0, "closes"),
    ("A2.1", &[More], "A2.1", &[Overlay::More], 0, "opens"),
    ("A2.1", &[More, More], "A2.1", &[], 0, "closes"),
    ("A1.1", &[More], "A1.1", &[], 0, "a slide without more has nothing to open"),
    ("A2.1", &[Deeper, Back, Deeper], "A3.1", &[], 0, "deeper never opens more"),
    ("C1.1", &[Deeper, Deeper], "C2.1", &[], 0, "not even where nothing lies below"),
    ("A1.1", &[Escape], "A1.1", &[Overlay::Overview], 0, "with nothing open, the overview opens"),
    ("A1.1", &[Escape, Escape], "A1.1", &[], 0, "and closes"),
    ("A2.1", &[More, Escape], "A2.1", &[], 0, "the top overlay closes"),
    ("A2.1", &[More, Help], "A2.1", &[Overlay::More, Overlay::Help], 0, "help lies over more"),
    ("A2.1", &[More, Help, Escape], "A2.1", &[Overlay::More], 0, "only the top one closes"),
    ("A2.1", &[More, Help, Escape, Escape], "A2.1", &[], 0, "then the next"),
    ("A1.1", &[Overview, Help], "A1.1", &[Overlay::Help], 0, "help takes the overview's place"),
    ("A1.1", &[Help, Overview], "A1.1", &[Overlay::Overview], 0, "and the other way round"),
    ("A2.1", &[Help, More], "A2.1", &[Overlay::More], 0, "more would not be seen under help"),
    ("A2.1", &[More, Next], "A2.2", &[Overlay::More], 0, "more stays open over steps of its slide"),
    ("A2.1", &[More, PageDown, Next], "A2.2", &[Overlay::More], 1, "at its page"),
    ("A2.3", &[More, Next], "A3.1", &[], 0, "more closes on a move to another slide"),
    ("A2.1", &[More, NextTopic], "B1.1", &[], 0, "by any way"),
    ("A2.1", &[More, Deeper], "A3.1", &[], 0, "downwards"),
    ("A2.1", &[More, Previous], "A1.1", &[], 0, "backwards"),
    ("A2.1", &[Overview, Next], "A2.2", &[], 0, "a step under the overview would not be seen"),
    ("A2.1", &[Help, NextSlide], "A3.1", &[], 0, "nor a slide under help"),
    ("A2.1", &[More, Overview, Next], "A2.2", &[Overlay::More], 0, "what hides the slide goes, more stays"),
    ("A1.1", &[Overview, Previous], "A1.1", &[Overlay::Overview], 0, "where no way leads on, nothing changes"),
    ("A2.1", &[More, PageDown], "A2.1", &[Overlay::More], 1, "a page on"),
    ("A2.1", &[More, PageDown, PageDown, PageUp], "A2.1", &[Overlay::More], 1, "and back"),
    ("A2.1", &[More, PageUp], "A2.1", &[Overlay::More], 0, "nothing before the first page"),
    ("A2.1", &[More, PageDown, PageDown, PageDown, PageDown], "A2.1", &[Overlay::More], 2, "nothing after the last"),
    ("A2.1", &[More, PageDown, More, More], "A2.1", &[Overlay::More], 0, "opens at its first page"),
    ("A2.1", &[More, PageDown, Help], "A2.1", &[Overlay::More, Overlay::Help], 0, "every overlay at its first page"),
    ("A2.1", &[More, Look, Pause, FocusNext], "A2.1", &[Overlay::More], 0, "the scene runs on beside more"),
];

#[test]
fn overlays() {
    let shape = shape().with_pages(3);
    let mut wrong = Vec::new();
    for (from, actions, to, over, page, why) in OVERLAYS {
        let end = actions.iter().fold(begin(&shape, place(from)), |state, action| apply(&shape, &state, *action));
        if name(end.at) != *to || end.overlays != *over || end.page != *page {
            let (at, open, at_page) = (name(end.at), &end.overlays, end.page);
            wrong.push(format!("{from} {actions:?}: {at} {open:?} {at_page}, not {to} {over:?} {page}: {why}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_jump_lands_where_it_says_and_uncovers_the_slide() {
    let shape = shape();
    let state = begin(&shape, place("A2.2"));
    let open = apply(&shape, &state, Overview);
    assert_eq!(name(goto(&shape, &open, place("C2.1")).at), "C2.1");
    assert!(goto(&shape, &open, place("C2.1")).overlays.is_empty());
    assert!(goto(&shape, &open, place("A2.1")).overlays.is_empty(), "also where we are already");
    let away = goto(&shape, &open, place("C2.3"));
    assert_eq!(name(away.at), "C2.3", "a step may be asked for");
    assert_eq!(name(goto(&shape, &away, place("A2.1")).at), "A2.2", "else the slide stands as it was left");
    assert_eq!(goto(&shape, &open, Position { topic: 9, slide: 0, step: 0 }), open, "a place that is not");
    assert_eq!(name(goto(&shape, &open, Position { topic: 1, slide: 0, step: 9 }).at), "B1.2", "a step that is not");
}

#[test]
fn a_deck_that_shrank_leaves_us_at_the_nearest_place() {
    let slide = |steps| SlideShape { steps, more: false };
    let state = apply(&shape(), &begin(&shape(), place("C2.4")), Overview);
    let settled = |topics: Vec<Vec<SlideShape>>| name(settle(&Shape::new(topics), &state).at);
    assert_eq!(settled(vec![vec![slide(1)], vec![slide(1)], vec![slide(1), slide(4)]]), "C2.4", "nothing changed here");
    assert_eq!(settled(vec![vec![slide(1)], vec![slide(1)], vec![slide(1), slide(2)]]), "C2.2", "fewer steps");
    assert_eq!(settled(vec![vec![slide(1)], vec![slide(1)], vec![slide(3)]]), "C1.1", "fewer slides");
    assert_eq!(settled(vec![vec![slide(1), slide(2)]]), "A2.1", "fewer topics");
    assert_eq!(settled(vec![]), "A1.1", "none at all: no panic");
    let more = apply(&shape(), &begin(&shape(), place("A2.1")), More);
    assert!(settle(&Shape::new(vec![vec![slide(1), slide(3)]]), &more).overlays.is_empty(), "more is gone");
}

#[test]
fn no_action_leaves_the_deck() {
    // Every action from every place, twice: the place must be one of the deck, and an empty deck must not panic.
    const ALL: [Action; 20] = [
        NextTopic,
        PreviousTopic,
        Deeper,
        Back,
        Next,
        Previous,
        NextSlide,
        PreviousSlide,
        First,
        Last,
        Overview,
        Help,
        More,
        PageDown,
        PageUp,
        Escape,
        Look,
        FocusNext,
        Activate,
        Pause,
    ];
    let shape = shape();
    for topic in 0..shape.topics() {
        for slide in 0..shape.slides(topic) {
            for step in 0..shape.steps(topic, slide) {
                for (one, two) in ALL.iter().flat_map(|a| ALL.iter().map(move |b| (*a, *b))) {
                    let state = begin(&shape, Position { topic, slide, step });
                    let at = apply(&shape, &apply(&shape, &state, one), two).at;
                    assert!(
                        at.slide < shape.slides(at.topic) && at.step < shape.steps(at.topic, at.slide),
                        "{one:?} {two:?}"
                    );
                }
            }
        }
    }
    for action in ALL {
        let _ = apply(&Shape::default(), &DeckState::default(), action);
    }
}

#[test]
fn ways_that_lead_nowhere_are_known() {
    let shape = shape();
    let at = |text| begin(&shape, place(text));
    assert!(!leads(&shape, &at("A1.1"), PreviousTopic) && leads(&shape, &at("A1.1"), NextTopic));
    assert!(!leads(&shape, &at("A3.1"), Deeper) && leads(&shape, &at("A3.1"), Back));
    assert!(!leads(&shape, &at("C2.4"), Next) && leads(&shape, &at("C2.3"), Next));
}
