//! What the name of a provider module says about the client behind it. No rule stands here.
//!
//! Only well-known clients are recognised; about every other module nothing is known.

use crate::model::{DriverClass, DriverContract};

/// Names of Kafka clients that do not contain `kafka`.
const KAFKA_CLIENTS: &[&str] = &["sarama", "franz", "kgo", "karafka", "brod"];

/// Names of S3 clients, as words of a module path.
const S3_CLIENTS: &[&str] = &[
    "s3",
    "aws",
    "boto3",
    "botocore",
    "aioboto3",
    "aiobotocore",
    "awssdk",
    "amazonaws",
    "s3fs",
    "amazons3",
];

/// Starts of module paths of clients of `ClickHouse` that speak HTTP only.
const CLICKHOUSE_HTTP_CLIENTS: &[&str] = &[
    "clickhouse::",
    "clickhouse_connect",
    "clickhouse-connect",
    "@clickhouse/client",
    "com.clickhouse.",
    "clickhouse.client",
    "clickhouse.driver",
    "aiochclient",
];

/// Returns true if the module is a Kafka client.
pub(super) fn is_kafka(contract: &DriverContract) -> bool {
    let module = &contract.provider_module;
    contract.class == DriverClass::StreamAdapter
        && (contains(module, "kafka") || has_word(module, KAFKA_CLIENTS))
}

/// Returns true if the module is an S3 client.
pub(super) fn is_s3(contract: &DriverContract) -> bool {
    contract.class == DriverClass::ObjectStoreAdapter
        && has_word(&contract.provider_module, S3_CLIENTS)
}

/// Returns true if the module speaks HTTP to its columnar database, not a native protocol.
pub(super) fn is_columnar_http(contract: &DriverContract) -> bool {
    let module = &contract.provider_module;
    contract.class == DriverClass::ColumnarAdapter
        && (module.eq_ignore_ascii_case("clickhouse")
            || contains(module, "http")
            || CLICKHOUSE_HTTP_CLIENTS.iter().any(|client| starts_with(module, client)))
}

fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|here| here.eq_ignore_ascii_case(part.as_bytes()))
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|here| here.eq_ignore_ascii_case(start))
}

fn has_word(module: &str, words: &[&str]) -> bool {
    let mut parts = module.split(|character: char| !character.is_ascii_alphanumeric());
    parts.any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    fn contract(class: DriverClass, module: &str) -> DriverContract {
        let provider_module = Name::new(module).unwrap();
        DriverContract { class, provider_module, ..crate::postgres_async_driver() }
    }

    #[test]
    fn kafka_clients_of_many_languages_are_recognised() {
        let is_kafka = |module| is_kafka(&contract(DriverClass::StreamAdapter, module));
        for module in [
            "rdkafka::producer",
            "org.apache.kafka.clients.producer.KafkaProducer",
            "Confluent.Kafka",
            "github.com/IBM/sarama",
            "github.com/twmb/franz-go/pkg/kgo",
        ] {
            assert!(is_kafka(module), "{module}");
        }
        for module in ["pulsar::producer", "aws_sdk_kinesis", "async_nats::jetstream"] {
            assert!(!is_kafka(module), "{module}");
        }
    }

    #[test]
    fn s3_clients_are_recognised_and_other_stores_are_not() {
        let is_s3 = |module| is_s3(&contract(DriverClass::ObjectStoreAdapter, module));
        for module in [
            "object_store::aws",
            "aws_sdk_s3",
            "botocore.client",
            "@aws-sdk/client-s3",
            "software.amazon.awssdk.services.s3.S3AsyncClient",
            "github.com/aws/aws-sdk-go-v2/service/s3",
        ] {
            assert!(is_s3(module), "{module}");
        }
        for module in ["object_store::gcp", "google.cloud.storage", "azure_storage_blobs", "sample"]
        {
            assert!(!is_s3(module), "{module}");
        }
    }

    #[test]
    fn clickhouse_over_http_differs_from_the_native_protocol() {
        let over_http = |module| is_columnar_http(&contract(DriverClass::ColumnarAdapter, module));
        for module in ["clickhouse", "clickhouse::Client", "clickhouse_connect", "acme::http"] {
            assert!(over_http(module), "{module}");
        }
        for module in [
            "clickhouse_rs",
            "clickhouse_driver.client",
            "github.com/ClickHouse/clickhouse-go/v2",
            "klickhouse",
        ] {
            assert!(!over_http(module), "{module}");
        }
    }
}
