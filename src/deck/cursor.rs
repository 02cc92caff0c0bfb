//! To be written.
/// How many steps each slide has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    steps: Vec<Vec<usize>>,
}
impl Shape {
    /// New.
    #[must_use]
    pub fn new(steps: Vec<Vec<usize>>) -> Self {
        Self { steps }
    }
}
