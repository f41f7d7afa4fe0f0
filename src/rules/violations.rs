//! Checks a contract that a Rust program created.
//!
//! This module contains no rules.

use super::{
    ContractPath, DriverView, Level, RuleFindings, active, check_driver, run::drop_superseded,
};
use crate::{configuration::Configuration, finding::Finding, model::DriverContract};

impl DriverContract {
    /// Returns all errors that the rules find in this contract, without a budget.
    ///
    /// The field types already enforce ranges, lengths and vocabularies.
    pub fn violations(&self) -> Vec<Finding<ContractPath>> {
        let configuration = Configuration::default();
        let view = DriverView::new(self, &configuration);
        let mut lints = active(&configuration);
        lints.retain(|(_, level)| *level == Level::Error);
        let mut findings = RuleFindings::default();
        check_driver(&lints, &view, &mut findings);
        drop_superseded(&mut findings.items, &|_| true);
        findings.items
    }

    /// Returns true if no rule finds an error in this contract, without a budget.
    pub fn valid(&self) -> bool {
        self.violations().is_empty()
    }
}
