//! Recognises well-known clients by their `provider_module`.
//!
//! Names are compared by whole words: `s3` is a word of `services.s3.S3Client`, `AmazonS3` and
//! `s3manager`. This module contains no rule.

use super::DriverView;
use crate::model::DriverClass;

/// Words in the names of Kafka clients.
const KAFKA_CLIENTS: &[&str] = &[
    "kafka",
    "rdkafka",
    "librdkafka",
    "cppkafka",
    "kafkajs",
    "aiokafka",
    "pykafka",
    "rskafka",
    "phpkafka",
    "sarama",
    "franz",
    "kgo",
    "karafka",
    "brod",
];

/// Words in the names of S3 clients. In an object store driver, AWS's general clients are S3
/// clients.
const S3_CLIENTS: &[&str] = &[
    "s3",
    "awss3",
    "aws",
    "amazonaws",
    "awssdk",
    "boto",
    "boto3",
    "botocore",
    "aioboto3",
    "aiobotocore",
];

/// Words in the names of clients for object stores other than S3, including S3-compatible modules
/// of these clients.
const OTHER_STORES: &[&str] = &["gcs", "gcp", "google", "azure", "adls", "abfs"];

/// Words in the names of `ClickHouse` clients.
const CLICKHOUSE_CLIENTS: &[&str] = &[
    "clickhouse",
    "click_house",
    "klickhouse",
    "phpclickhouse",
    "aioch",
    "aiochclient",
    "asynch",
    "chconn",
    "housepower",
];

/// Words in the names of modules that use HTTP.
const HTTP_CLIENTS: &[&str] = &["http", "https", "httpx", "aiohttp", "okhttp"];

/// Words in the names of `ClickHouse` modules that use HTTP, unless the name also contains one of
/// [`NATIVE_PROTOCOLS`].
const CLICKHOUSE_HTTP_CLIENTS: &[&str] = &[
    "clickhouse_connect",
    "clickhouse-connect",
    "@clickhouse/client",
    "com.clickhouse",
    "ru.yandex.clickhouse",
    "clickhouse-jdbc",
    "clickhouse-r2dbc",
    "clickhouse.client",
    "clickhouse.driver",
    "aiochclient",
];

/// Words in the names of modules that do not use HTTP, regardless of the other words in the names.
const NATIVE_PROTOCOLS: &[&str] = &["native", "tcp", "grpc", "cli"];

/// Returns true if the module is a Kafka client.
pub(super) fn is_kafka(view: &DriverView<'_>) -> bool {
    view.class() == DriverClass::StreamAdapter
        && has_word(&view.contract.provider_module, KAFKA_CLIENTS)
}

/// Returns true if the module is an S3 client.
pub(super) fn is_s3(view: &DriverView<'_>) -> bool {
    let module = &view.contract.provider_module;
    view.class() == DriverClass::ObjectStoreAdapter
        && has_word(module, S3_CLIENTS)
        && !has_word(module, OTHER_STORES)
}

/// Returns true if the module is a `ClickHouse` client.
pub(super) fn is_clickhouse(view: &DriverView<'_>) -> bool {
    view.class() == DriverClass::ColumnarAdapter
        && has_word(&view.contract.provider_module, CLICKHOUSE_CLIENTS)
}

/// Returns true if the module connects to its columnar database over HTTP instead of a native
/// protocol.
pub(super) fn is_columnar_http(view: &DriverView<'_>) -> bool {
    let module = &view.contract.provider_module;
    view.class() == DriverClass::ColumnarAdapter
        && (is_clickhouse_crate(module)
            || has_word(module, HTTP_CLIENTS)
            || has_word(module, CLICKHOUSE_HTTP_CLIENTS) && !has_word(module, NATIVE_PROTOCOLS))
}

/// Returns true for Rust's `clickhouse` crate and for the npm package with the same name.
fn is_clickhouse_crate(module: &str) -> bool {
    module.split("::").next().is_some_and(|name| name.eq_ignore_ascii_case("clickhouse"))
}

/// Returns true if the module's name contains one of the words, between two boundaries.
fn has_word(module: &str, words: &[&str]) -> bool {
    let bytes = module.as_bytes();
    let starts_with = |start: usize, word: &str| {
        let end = start + word.len();
        bytes.get(start..end).is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes()))
            && is_boundary(bytes, end)
    };
    (0..bytes.len())
        .filter(|start| is_boundary(bytes, *start))
        .any(|start| words.iter().any(|word| starts_with(start, word)))
}

/// Returns true if a word ends or starts before this byte: at punctuation, between a letter and a
/// digit, or at a change of case. Examples are `KafkaProducer` and `AWSClient`.
fn is_boundary(bytes: &[u8], at: usize) -> bool {
    let (Some(before), Some(after)) =
        (at.checked_sub(1).and_then(|it| bytes.get(it)), bytes.get(at))
    else {
        return true;
    };
    let starts_capitalised =
        after.is_ascii_uppercase() && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    !before.is_ascii_alphanumeric()
        || !after.is_ascii_alphanumeric()
        || before.is_ascii_digit() != after.is_ascii_digit()
        || before.is_ascii_lowercase() && after.is_ascii_uppercase()
        || before.is_ascii_uppercase() && starts_capitalised
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        configuration::Configuration,
        model::{DriverContract, Name},
    };

    /// Returns the result of a predicate for a driver of this class with this module.
    fn ask(is: fn(&DriverView<'_>) -> bool, class: DriverClass, module: &str) -> bool {
        let provider_module = Name::new(module).unwrap();
        let contract = DriverContract { class, provider_module, ..crate::postgres_async_driver() };
        is(&DriverView::new(&contract, &Configuration::default()))
    }

    #[test]
    fn kafka_clients_of_many_languages_are_recognised() {
        let is_kafka = |module| ask(is_kafka, DriverClass::StreamAdapter, module);
        for module in [
            "rdkafka::producer",
            "org.apache.kafka.clients.producer.KafkaProducer",
            "Confluent.Kafka",
            "github.com/IBM/sarama",
            "github.com/twmb/franz-go/pkg/kgo",
            "node-rdkafka",
            "aiokafka.AIOKafkaProducer",
            "KafkaJS",
            "org.apache.spark.streaming.kafka010",
        ] {
            assert!(is_kafka(module), "{module}");
        }
        for module in
            ["pulsar::producer", "aws_sdk_kinesis", "async_nats::jetstream", "acme::kafkaesque"]
        {
            assert!(!is_kafka(module), "{module}");
        }
    }

    #[test]
    fn s3_clients_are_recognised_and_other_stores_are_not() {
        let is_s3 = |module| ask(is_s3, DriverClass::ObjectStoreAdapter, module);
        for module in [
            "object_store::aws",
            "aws_sdk_s3",
            "botocore.client",
            "@aws-sdk/client-s3",
            "software.amazon.awssdk.services.s3.S3AsyncClient",
            "github.com/aws/aws-sdk-go-v2/service/s3",
            "org.apache.hadoop.fs.s3a.S3AFileSystem",
            "com.amazonaws.services.s3.AmazonS3Client",
            "S3Client",
            "AWSS3",
            "awss3",
            "s3manager",
            "s3torchconnector.S3MapDataset",
            "s3fs.S3FileSystem",
        ] {
            assert!(is_s3(module), "{module}");
        }
        for module in [
            "object_store::gcp",
            "google.cloud.storage",
            "azure_storage_blobs",
            "gcs::aws_compat",
            "laws3::store",
            "sample",
        ] {
            assert!(!is_s3(module), "{module}");
        }
    }

    #[test]
    fn clickhouse_clients_are_recognised_and_other_columnar_clients_are_not() {
        let is_clickhouse = |module| ask(is_clickhouse, DriverClass::ColumnarAdapter, module);
        for module in [
            "clickhouse",
            "clickhouse_driver.Client",
            "github.com/ClickHouse/clickhouse-go/v2",
            "Octonica.ClickHouseClient",
            "klickhouse",
        ] {
            assert!(is_clickhouse(module), "{module}");
        }
        for module in [
            "snowflake.connector",
            "redshift_connector",
            "google.cloud.bigquery",
            "trino.dbapi.Connection",
        ] {
            assert!(!is_clickhouse(module), "{module}");
        }
    }

    #[test]
    fn clickhouse_over_http_differs_from_native_protocol() {
        let over_http = |module| ask(is_columnar_http, DriverClass::ColumnarAdapter, module);
        for module in [
            "clickhouse",
            "clickhouse::Client",
            "clickhouse_connect",
            "@clickhouse/client-web",
            "ClickHouse.Driver.ClickHouseConnection",
            "com.clickhouse:clickhouse-jdbc",
            "com.clickhouse:client-v2",
            "com.clickhouse.jdbc.ClickHouseDriver",
            "clickhouse-jdbc",
            "ru.yandex.clickhouse:clickhouse-jdbc",
            "ru.yandex.clickhouse.ClickHouseDriver",
            "acme::http",
            "acme.HttpClient",
        ] {
            assert!(over_http(module), "{module}");
        }
        for module in [
            "clickhouse_rs",
            "clickhouse_driver.client",
            "github.com/ClickHouse/clickhouse-go/v2",
            "klickhouse",
            "clickhouse-driver",
            "com.github.housepower:clickhouse-native-jdbc",
            "com.clickhouse:clickhouse-grpc-client",
            "acme::httpd_logs",
        ] {
            assert!(!over_http(module), "{module}");
        }
    }
}
