//! Writes the capability matrix.

use super::{
    Page,
    markup::Markup,
    note, section,
    table::{driver_heading, scrolling},
};
use crate::model::{DriverCapability, DriverContract};

pub(super) fn write(page: &Page<'_>, main: &mut Markup) {
    section("capabilities", "Capabilities", main, |section| {
        if page.drivers.is_empty() {
            note("No contract was read.", section);
            return;
        }
        scrolling("matrix", "Capabilities by driver", section, |table| {
            table.element("thead", &[], |head| {
                head.element("tr", &[], |row| heading(page.capabilities, row));
            });
            table.element("tbody", &[], |body| {
                page.drivers.iter().for_each(|driver| write_row(driver, page.capabilities, body));
            });
        });
    });
}

fn heading(capabilities: &[DriverCapability], row: &mut Markup) {
    row.leaf("th", &[("scope", "col")], "driver");
    for capability in capabilities {
        row.element("th", &[("scope", "col")], |cell| cell.word(capability.label()));
    }
}

fn write_row(contract: &DriverContract, capabilities: &[DriverCapability], body: &mut Markup) {
    body.element("tr", &[], |row| {
        driver_heading(&contract.name, row);
        for capability in capabilities {
            if contract.capabilities.contains(*capability) {
                row.leaf("td", &[("class", "can")], "yes");
            } else {
                row.leaf("td", &[("class", "cannot")], "–");
            }
        }
    });
}
