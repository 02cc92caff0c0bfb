//! What a deck is, apart from its words: topics, slides, scenes, stills, and what plays while nobody is there.

use super::place::Placed;
use crate::sim::vocabulary::{BlockState, Camp, Conduct, LinkState, PacketForm, Tint};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A deck's structure, as `deck.ron` holds it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// The topics, left to right.
    pub topics: Vec<Topic>,
    /// What plays while nobody is there.
    #[serde(default)]
    pub attract: Vec<AttractStop>,
}

/// One stop of the loop that plays while nobody is there.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttractStop {
    /// The topic and slide, "side-by-side/live": its scene plays itself.
    pub slide: Placed<String>,
    /// How long it plays, in seconds.
    #[serde(default = "AttractStop::default_seconds")]
    pub seconds: Placed<u32>,
}

impl AttractStop {
    fn default_seconds() -> Placed<u32> {
        Placed { value: 20, at: 0..0 }
    }
}

/// A topic: one column of slides.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its name in links, `--at` and the words: `side-by-side`.
    pub slug: Placed<String>,
    /// Its pictogram, a key of `assets/icons.ron`.
    pub icon: Placed<String>,
    /// Its slides, top to bottom.
    pub slides: Vec<Slide>,
}

/// How a slide is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Words on the left, a still in a disc on the right; or a scene, if the slide has one.
    #[default]
    Text,
    /// Poster-size headline on the left, a still on the right: the front page.
    Poster,
    /// Words alone, in two columns: references and thanks. The one layout that needs nothing to look at.
    Sources,
}

/// A slide.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slide {
    /// Its name within the topic.
    pub slug: Placed<String>,
    /// How it is laid out.
    #[serde(default)]
    pub layout: Layout,
    /// A live scene.
    #[serde(default)]
    pub scene: Option<Scene>,
    /// A picture of the vocabulary's marks, standing still.
    #[serde(default)]
    pub still: Option<Still>,
}

/// A live scene: one network, or two or three side by side.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// The networks, left to right, all run from one seed.
    pub networks: Vec<Network>,
    /// How many seconds of model time pass in a second on the wall.
    #[serde(default = "Scene::default_speed")]
    pub speed: Placed<f64>,
    /// How many seconds of model time pass in a second while nothing travels, if more; the clock then says so.
    #[serde(default)]
    pub idle_speed: Option<Placed<f64>>,
    /// Whether the same run goes on untouched and unseen, and whatever differs from it gets a circle.
    #[serde(default)]
    pub differs: Option<Placed<bool>>,
    /// Whether a deed done in one network is done in all.
    #[serde(default)]
    pub mirrored: bool,
    /// The deed that the scene offers first.
    #[serde(default)]
    pub deed: Option<Placed<String>>,
    /// Further deeds that stand as pills beside the time controls.
    #[serde(default)]
    pub pills: Vec<Pill>,
    /// The figure that grows under each network's name as a clock or number; `clock` is the time of the run.
    #[serde(default)]
    pub readouts: Vec<Readout>,
    /// The columns of units that compare the networks.
    #[serde(default)]
    pub columns: Option<Columns>,
    /// The instruments that stand in the networks' place, if the first model has a panel.
    #[serde(default)]
    pub panel: Option<Panel>,
}

impl Scene {
    fn default_speed() -> Placed<f64> {
        Placed { value: 1.0, at: 0..0 }
    }
}

/// A pill: one tap does a deed to nobody in particular, or to the peer that the visitor chose.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pill {
    /// The deed's key.
    pub deed: Placed<String>,
    /// The value it is done with.
    #[serde(default)]
    pub value: Option<Placed<String>>,
    /// What it says, a key of the slide's words; else the deed's name.
    #[serde(default)]
    pub words: Option<Placed<String>>,
    /// Whether it is the one that stands out.
    #[serde(default)]
    pub first: bool,
}

/// How a scene is arranged whose model has a panel (style §8): instruments in three columns, and a row at the foot.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Panel {
    /// The left column, top to bottom.
    pub left: Vec<Placed<Instrument>>,
    /// The middle column.
    pub middle: Vec<Placed<Instrument>>,
    /// The right column.
    pub right: Vec<Placed<Instrument>>,
    /// Below the columns, side by side.
    pub foot: Vec<Placed<Instrument>>,
    /// Whether the visitor may stop its time.
    pub pause: bool,
}

impl Panel {
    /// Every instrument, column by column.
    pub fn instruments(&self) -> impl Iterator<Item = &Placed<Instrument>> {
        [&self.left, &self.middle, &self.right, &self.foot].into_iter().flatten()
    }

    /// Whether peers stand among its instruments.
    #[must_use]
    pub fn has_network(&self) -> bool {
        self.instruments().any(|placed| matches!(placed.value, Instrument::Network))
    }
}

/// One instrument of a panel.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Instrument {
    /// The words that a visitor may write, and keys to write them with: the deeds `type`, `erase` and `caret`.
    Keys,
    /// A fingerprint in 256 lights.
    Lights,
    /// The peers in their disc, with all that travels between them.
    Network,
    /// What waits, each with its number: what was taken last, what goes next, and the rest.
    Tray,
    /// The last blocks of the chain, with what is written in them.
    Blocks,
    /// The two branches of a chain that race.
    Branches,
    /// A chance, a bet on it by the deed `bet`, and trials of it.
    Odds,
    /// A number for a deed.
    Slider {
        /// The deed.
        deed: String,
        /// From one tick to the next: a number, of a share in hundredths.
        tick: u32,
        /// The first and the last; what the deed takes, if nothing is said.
        #[serde(default)]
        range: Option<(u32, u32)>,
        /// Words at places on it: the place, and a key of the slide's words.
        #[serde(default)]
        marks: Vec<(f32, String)>,
    },
    /// A number of the model and what it is.
    Figure(String),
    /// Words of the slide.
    Words(String),
}

/// A number that a scene shows of each network.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readout {
    /// The figure's key, or `clock`.
    pub figure: Placed<String>,
    /// A figure whose value stands as a tick beside it, if any.
    #[serde(default)]
    pub tick: Option<Placed<String>>,
}

/// Columns of units, one a network.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The figure that is counted.
    pub figure: Placed<String>,
    /// How many units a full column has.
    pub of: Placed<u32>,
    /// A figure whose expected value stands as a tick across the columns, its tolerance as a bracket.
    #[serde(default)]
    pub tick: Option<Placed<String>>,
    /// Whether each column keeps its last intervals beside it, the newest rightmost.
    #[serde(default)]
    pub strip: Option<Placed<bool>>,
}

/// Where a network's peers stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// On a circle, whoever is square in its middle.
    #[default]
    Circle,
    /// Like `circle`, for a star of one centre.
    Star,
    /// Where the model says.
    Given,
    /// On a ring, by key.
    Ring,
    /// As a tree, by rank or distance from the first.
    Tree,
    /// In lanes, by zone.
    Lanes,
    /// By who knows whom.
    Topology,
}

/// One network of a scene.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Its name, a key of the slide's words.
    pub name: Placed<String>,
    /// The model that runs.
    pub model: Placed<String>,
    /// The model's settings, as text or number; what is not set keeps its default.
    #[serde(default)]
    pub set: BTreeMap<String, Placed<Setting>>,
    /// Where its peers stand.
    #[serde(default)]
    pub placement: Placement,
}

/// A setting in a deck: a number, or a word.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged, expecting = "a number, or a word in quotes")]
pub enum Setting {
    /// A whole number.
    Whole(u64),
    /// A number with a fraction.
    Real(f64),
    /// A word.
    Word(String),
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(n) => write!(f, "{n}"),
            Self::Real(x) => write!(f, "{x}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// Defaults of the standing marks below.
fn one() -> f32 {
    1.0
}

/// A picture of marks at given places. Its canvas is 832 by 832, (0, 0) left and top; a slide may show the ground disc.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Still {
    /// Whether the marks stand on the disc of a living network.
    #[serde(default = "Still::yes")]
    pub disc: bool,
    /// A line below the picture, a key of the slide's words.
    #[serde(default)]
    pub caption: Option<Placed<String>>,
    /// The marks; later ones lie on top, links always lie below peers.
    pub marks: Vec<Placed<StillMark>>,
}

impl Still {
    fn yes() -> bool {
        true
    }
}

/// A place on a still.
pub type Spot2 = (f32, f32);

/// One mark of a still.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StillMark {
    /// A peer; `name` is how links and packets of this still call it.
    Peer {
        /// How this still calls it.
        name: String,
        /// Its centre.
        at: Spot2,
        /// Its radius.
        #[serde(default)]
        r: Option<f32>,
        /// Whether it is a server's square.
        #[serde(default)]
        server: bool,
        /// The pieces it holds, counted from 0.
        #[serde(default)]
        holds: Vec<u32>,
        /// How many pieces there are; 0 draws a plain circle.
        #[serde(default)]
        of: u32,
        /// Whether all pieces share one ink.
        #[serde(default)]
        plain: bool,
        /// How it behaves.
        #[serde(default)]
        conduct: Conduct,
        /// Whether it is stopped.
        #[serde(default)]
        stopped: bool,
        /// Whether it is alive but cut off.
        #[serde(default)]
        cut_off: bool,
        /// Whether it began with all.
        #[serde(default)]
        seed: bool,
        /// Whether the visitor's own place is meant: an empty ring with a full core.
        #[serde(default)]
        you: bool,
        /// Which version it holds.
        #[serde(default)]
        camp: Camp,
        /// Its label, a key of the slide's words.
        #[serde(default)]
        label: Option<String>,
        /// A second line under the label.
        #[serde(default)]
        sub: Option<String>,
    },
    /// A link between two peers of this still.
    Link {
        /// From this peer.
        from: String,
        /// To that peer.
        to: String,
        /// What it does.
        #[serde(default)]
        state: LinkState,
        /// Whether it leads one way.
        #[serde(default)]
        directed: bool,
        /// Whether it belongs to the trail of a journey.
        #[serde(default)]
        trail: bool,
    },
    /// A packet between two peers of this still.
    Packet {
        /// From this peer.
        from: String,
        /// To that peer.
        to: String,
        /// How far it has come, from 0 to 1.
        along: f32,
        /// What it is.
        #[serde(default)]
        form: PacketForm,
        /// Its colour.
        #[serde(default)]
        tint: Tint,
        /// Signs inside it, at most two.
        #[serde(default)]
        letter: String,
        /// Layers of wrapping, 0 to 3.
        #[serde(default)]
        layers: u8,
        /// Its size beside the usual.
        #[serde(default = "one")]
        scale: f32,
    },
    /// A block with its fingerprint; joined to the one named before.
    Block {
        /// How this still calls it.
        name: String,
        /// Its centre.
        at: Spot2,
        /// Its state.
        #[serde(default)]
        state: BlockState,
        /// The block it is joined to.
        #[serde(default)]
        before: Option<String>,
        /// Its size beside the usual 284 × 516.
        #[serde(default = "one")]
        scale: f32,
    },
    /// Counted things, in rows of ten.
    Units {
        /// Left and top.
        at: Spot2,
        /// How many are filled.
        filled: u32,
        /// How many there are.
        of: u32,
        /// How many stand in a row.
        #[serde(default)]
        row: Option<u32>,
        /// The side of one.
        #[serde(default)]
        side: Option<f32>,
    },
    /// Words; `key` is a key of the slide's words.
    Word {
        /// Where its first line's top stands, at its left, middle or right as `align` says.
        at: Spot2,
        /// The key.
        key: String,
        /// How it is set.
        #[serde(default)]
        style: WordStyle,
        /// Where `at` lies.
        #[serde(default)]
        align: WordAlign,
        /// The width it may take before it wraps.
        #[serde(default)]
        width: Option<f32>,
    },
    /// A pictogram of `assets/icons.ron`.
    Icon {
        /// Its centre.
        at: Spot2,
        /// Its key.
        key: String,
        /// Its side.
        side: f32,
        /// Its colour.
        #[serde(default)]
        tint: Tint,
    },
    /// An outlined or filled box: a slide, a screen.
    Panel {
        /// Left and top.
        at: Spot2,
        /// Width and height.
        size: Spot2,
        /// Whether it is filled with the ink of what is shared.
        #[serde(default)]
        filled: bool,
    },
    /// An arrow.
    Arrow {
        /// From here.
        from: Spot2,
        /// To there.
        to: Spot2,
    },
    /// A plain stroke.
    Stroke {
        /// From here.
        from: Spot2,
        /// To there.
        to: Spot2,
        /// Whether it is dotted.
        #[serde(default)]
        dotted: bool,
        /// Its width.
        #[serde(default)]
        width: Option<f32>,
    },
    /// A dashed or plain outline around a group.
    Group {
        /// Its centre.
        at: Spot2,
        /// Its radius.
        r: f32,
        /// Whether it is dotted.
        #[serde(default)]
        dotted: bool,
        /// The width of its stroke; such a wide one takes the ink of text, as a stroke does.
        #[serde(default)]
        width: Option<f32>,
    },
}

/// How words of a still are set (style §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordStyle {
    /// 28 / 36, second ink.
    #[default]
    Caption,
    /// 36 / 44 bold.
    Name,
    /// 34 / 46, second ink.
    Rule,
    /// 68 / 68 bold.
    Number,
    /// 38 / 54.
    Label,
}

/// Where the given place lies in words of a still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordAlign {
    /// At the left edge.
    Left,
    /// In the middle.
    #[default]
    Centre,
    /// At the right edge.
    Right,
}
