//! The five looks: every colour, stroke and corner is a token in `assets/looks/*.ron`, none in code.
