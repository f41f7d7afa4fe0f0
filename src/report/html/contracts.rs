//! Writes the limits, timeouts, retries and metrics of all contracts.

use super::{
    Page,
    markup::Markup,
    note, section,
    table::{
        driver_heading, headings, name_cell, number, number_cell, optional_cell, scrolling, text,
        text_cell,
    },
};
use crate::model::DriverContract;

pub(super) fn write(page: &Page<'_>, main: &mut Markup) {
    section("contracts", "Contracts", main, |section| {
        if page.drivers.is_empty() {
            note("No contract was read.", section);
            return;
        }
        scrolling("contracts", "Limits and timeouts by driver", section, |table| {
            headings(
                &[
                    text("driver"),
                    text("class"),
                    text("provider"),
                    number("in flight"),
                    number("queue"),
                    number("connect, ms"),
                    number("request, ms"),
                    number("idle, ms"),
                    number("attempts"),
                    number("worst case, ms"),
                    text("tier"),
                    text("tuning guide"),
                ],
                table,
            );
            table.element("tbody", &[], |body| {
                page.drivers.iter().for_each(|driver| promises(driver, body));
            });
        });
        scrolling("metrics", "Retries and metrics by driver", section, |table| {
            headings(
                &[
                    text("driver"),
                    number("first backoff, ms"),
                    number("longest backoff, ms"),
                    number("jitter, %"),
                    text("timeouts"),
                    text("retries"),
                    text("latency"),
                    text("in flight"),
                ],
                table,
            );
            table.element("tbody", &[], |body| {
                page.drivers.iter().for_each(|driver| counts(driver, body));
            });
        });
        write_optional(page.drivers, section);
    });
}

/// Writes the optional limits of the drivers that set at least one of them.
fn write_optional(drivers: &[&DriverContract], section: &mut Markup) {
    let limited: Vec<_> = drivers
        .iter()
        .map(|driver| (driver, optional(driver)))
        .filter(|(_, limits)| limits.iter().any(Option::is_some))
        .collect();
    if limited.is_empty() {
        return;
    }
    scrolling("limits", "Optional limits by driver", section, |table| {
        headings(
            &[
                text("driver"),
                number("queue wait, ms"),
                number("deadline, ms"),
                number("lifetime, ms"),
                number("backoff growth, %"),
                number("retry budget, %"),
                number("least retry budget"),
            ],
            table,
        );
        table.element("tbody", &[], |body| {
            for (driver, limits) in limited {
                body.element("tr", &[], |row| {
                    driver_heading(&driver.name, row);
                    for limit in limits {
                        optional_cell(limit, row);
                    }
                });
            }
        });
    });
}

/// Returns the values of the optional keys, in the order of the columns.
fn optional(contract: &DriverContract) -> [Option<u64>; 6] {
    let (timeouts, retries) = (&contract.timeout_policy, &contract.retry_policy);
    [
        timeouts.queue_ms.map(u64::from),
        timeouts.deadline_ms.map(u64::from),
        timeouts.lifetime_ms.map(u64::from),
        retries.multiplier_percent.map(u64::from),
        retries.retry_budget_percent.map(u64::from),
        retries.retry_budget_min.map(u64::from),
    ]
}

fn promises(contract: &DriverContract, body: &mut Markup) {
    let timeouts = &contract.timeout_policy;
    body.element("tr", &[], |row| {
        driver_heading(&contract.name, row);
        row.element("td", &[], |cell| cell.word(contract.class.label()));
        name_cell(contract.provider_module.as_str(), row);
        number_cell(contract.max_in_flight.get(), row);
        number_cell(contract.max_queue_depth.get(), row);
        number_cell(timeouts.connect_ms.get(), row);
        number_cell(timeouts.request_ms.get(), row);
        number_cell(timeouts.idle_ms.get(), row);
        number_cell(contract.retry_policy.max_attempts.get(), row);
        number_cell(contract.worst_case_ms(), row);
        text_cell(contract.support_tier.as_str(), row);
        name_cell(contract.tuning_guide.as_str(), row);
    });
}

fn counts(contract: &DriverContract, body: &mut Markup) {
    let (retries, telemetry) = (&contract.retry_policy, &contract.telemetry);
    body.element("tr", &[], |row| {
        driver_heading(&contract.name, row);
        number_cell(retries.base_backoff_ms.get(), row);
        number_cell(retries.max_backoff_ms.get(), row);
        number_cell(retries.jitter_percent.get(), row);
        name_cell(telemetry.timeout_metric.as_str(), row);
        name_cell(telemetry.retry_metric.as_str(), row);
        name_cell(telemetry.latency_metric.as_str(), row);
        name_cell(telemetry.in_flight_metric.as_str(), row);
    });
}
