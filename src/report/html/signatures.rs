//! Writes the signatures and their digests.

use super::{Page, markup::Markup, note, section};
use crate::{
    model::Vocabulary,
    signature::{
        budget_signature, capability_matrix_signature, document_digest, driver_signature,
        sealed_signature_document, signature_digest,
    },
};

pub(super) fn write(page: &Page<'_>, main: &mut Markup) {
    section("signatures", "Signatures", main, |section| {
        if page.drivers.is_empty() && page.budgets.is_empty() {
            note("No contract or budget was read.", section);
            return;
        }
        let (drivers, budgets) = (page.drivers.iter().copied(), page.budgets.iter().copied());
        let document = sealed_signature_document(drivers.clone(), budgets.clone());
        section.element("p", &[("class", "note")], |note| {
            note.text("Digest of all signatures, as in the output of driverc compile --seal: ");
            note.leaf("code", &[], &document_digest(&document));
        });
        section.element("dl", &[("class", "signatures")], |list| {
            for driver in drivers.clone() {
                write_item(&format!("driver {}", driver.name), &driver_signature(driver), list);
            }
            for budget in budgets {
                let name = format!("budget {} {}", budget.profile.word(), budget.scope);
                write_item(&name, &budget_signature(budget), list);
            }
            write_item("capability matrix", &capability_matrix_signature(drivers), list);
        });
    });
}

fn write_item(name: &str, signature: &str, list: &mut Markup) {
    list.element("dt", &[], |term| term.word(name));
    list.element("dd", &[], |item| {
        item.leaf("code", &[("class", "digest")], &signature_digest(signature).to_string());
        item.line_end();
        item.leaf("code", &[("class", "signature")], signature);
    });
}
