//! What every model stands on: time, chance, lines, who knows whom, and measures. It knows nothing of any system.
//!
//! Time is whole microseconds. Events run in one total order ([`queue`]); draws are keyed by who draws and how often that
//! was before ([`chance`]), so that a touch on one peer leaves the luck of all others alone; logarithms and roots are the
//! same bits on every platform ([`mathematics`]). A protocol part gets all of it through [`world::World`] and owns no queue
//! of its own, so that one model can hold another's part.

pub mod bits;
pub mod chance;
pub mod coin;
pub mod gate;
pub mod line;
pub mod mathematics;
pub mod measure;
pub mod queue;
pub mod topology;
pub mod world;
