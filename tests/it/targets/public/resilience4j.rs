//! Public configurations of Resilience4j: values of public files, with other names.

use super::Public;

pub(super) const CONFIGURATIONS: &[Public] = &[
    // bombom-9/resilience4j_demo:src/main/resources/application-resilience4j.yml
    Public {
        name: "demo",
        options: ("resilience4j", Some("thread-pool-bulkhead"), None),
        text: r"resilience4j.circuitbreaker.configs.default.slidingWindowSize=10
resilience4j.retry.configs.default.maxAttempts=3
resilience4j.retry.configs.default.waitDuration=100
resilience4j.retry.configs.default.retryExceptions[0]=java.io.IOException
resilience4j.retry.instances.example.baseConfig=default
resilience4j.retry.instances.other.baseConfig=default
resilience4j.bulkhead.configs.default.maxConcurrentCalls=100
resilience4j.bulkhead.instances.example.maxConcurrentCalls=10
resilience4j.bulkhead.instances.other.maxWaitDuration=10ms
resilience4j.bulkhead.instances.other.maxConcurrentCalls=20
resilience4j.thread-pool-bulkhead.configs.default.maxThreadPoolSize=4
resilience4j.thread-pool-bulkhead.configs.default.coreThreadPoolSize=2
resilience4j.thread-pool-bulkhead.configs.default.queueCapacity=2
resilience4j.thread-pool-bulkhead.instances.example.baseConfig=default
resilience4j.thread-pool-bulkhead.instances.other.maxThreadPoolSize=1
resilience4j.thread-pool-bulkhead.instances.other.coreThreadPoolSize=1
resilience4j.thread-pool-bulkhead.instances.other.queueCapacity=1
resilience4j.timelimiter.configs.default.cancelRunningFuture=false
resilience4j.timelimiter.configs.default.timeoutDuration=2s
resilience4j.timelimiter.instances.example.baseConfig=default
",
        adopted: "max_in_flight=4 max_queue_depth=2 request_ms=2000 max_attempts=3 \
                  base_backoff_ms=100 max_backoff_ms=100 jitter_percent=0 multiplier_percent=100",
        left_out: "connect_ms idle_ms",
        is_idempotent: false,
        reported: &[(
            "drift-stricter",
            "resilience4j.thread-pool-bulkhead.instances.example.core-thread-pool-size",
        )],
        change: ("queueCapacity=2", "queueCapacity=20"),
        result: (
            "drift-looser",
            "resilience4j.thread-pool-bulkhead.instances.example.queue-capacity",
        ),
    },
    // Srikanthnexushub/CRUD_test:src/main/resources/application-resilience4j.properties
    Public {
        name: "records",
        options: ("resilience4j", Some("thread-pool-bulkhead"), None),
        text: r"resilience4j.circuitbreaker.instances.example.sliding-window-size=10
resilience4j.retry.instances.example.max-attempts=3
resilience4j.retry.instances.example.wait-duration=500ms
resilience4j.retry.instances.example.enable-exponential-backoff=true
resilience4j.retry.instances.example.exponential-backoff-multiplier=2
resilience4j.retry.instances.example.retry-exceptions=java.sql.SQLException
resilience4j.retry.instances.remote.max-attempts=3
resilience4j.retry.instances.remote.wait-duration=1s
resilience4j.retry.instances.remote.enable-exponential-backoff=true
resilience4j.retry.instances.remote.exponential-backoff-multiplier=2
resilience4j.bulkhead.instances.example.max-concurrent-calls=20
resilience4j.bulkhead.instances.example.max-wait-duration=100ms
resilience4j.thread-pool-bulkhead.instances.example.max-thread-pool-size=10
resilience4j.thread-pool-bulkhead.instances.example.core-thread-pool-size=5
resilience4j.thread-pool-bulkhead.instances.example.queue-capacity=100
resilience4j.ratelimiter.instances.remote.limit-for-period=10
resilience4j.timelimiter.instances.remote.timeout-duration=5s
resilience4j.timelimiter.instances.remote.cancel-running-future=true
",
        // Nothing limits the growing backoff.
        adopted: "max_in_flight=10 max_queue_depth=100 request_ms=1000 max_attempts=3 \
                  base_backoff_ms=500 jitter_percent=0",
        left_out: "connect_ms idle_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "resilience4j.retry.instances.example.exponential-max-wait-duration"),
            (
                "drift-stricter",
                "resilience4j.thread-pool-bulkhead.instances.example.core-thread-pool-size",
            ),
        ],
        change: (
            "example.exponential-backoff-multiplier=2",
            "example.exponential-backoff-multiplier=3",
        ),
        result: (
            "drift-looser",
            "resilience4j.retry.instances.example.exponential-backoff-multiplier",
        ),
    },
    // chandanv89/resilience4j-spring-demo:src/main/resources/resilience4j.yml
    Public {
        name: "weather",
        options: ("resilience4j", Some("thread-pool-bulkhead"), None),
        text: r"resilience4j.bulkhead.instances.weather.maxConcurrentCalls=10
resilience4j.bulkhead.instances.weather.maxWaitDuration=100ms
resilience4j.thread-pool-bulkhead.instances.weather.maxThreadPoolSize=1
resilience4j.thread-pool-bulkhead.instances.weather.coreThreadPoolSize=1
resilience4j.thread-pool-bulkhead.instances.weather.queueCapacity=1
resilience4j.thread-pool-bulkhead.instances.weather.writableStackTraceEnabled=true
resilience4j.timelimiter.instances.weather.timeoutDuration=1ms
resilience4j.timelimiter.instances.weather.cancelRunningFuture=true
",
        adopted: "max_in_flight=1 max_queue_depth=1 request_ms=1 max_attempts=3 \
                  base_backoff_ms=500 max_backoff_ms=500 jitter_percent=0 multiplier_percent=100",
        left_out: "connect_ms idle_ms",
        is_idempotent: false,
        reported: &[],
        change: ("timeoutDuration=1ms", "timeoutDuration=1s"),
        result: ("drift-looser", "resilience4j.timelimiter.instances.weather.timeout-duration"),
    },
    // resilience4j/resilience4j:resilience4j-spring-boot3/src/test/resources/application.yaml
    Public {
        name: "own_test",
        options: ("resilience4j", Some("thread-pool-bulkhead"), None),
        text: r"resilience4j.scheduled.executor.corePoolSize=10
resilience4j.retry.retryAspectOrder=399
resilience4j.retry.tags.tag1=one
resilience4j.retry.configs.shared.maxAttempts=4
resilience4j.retry.configs.shared.waitDuration=100ms
resilience4j.retry.backends.other.baseConfig=shared
resilience4j.retry.backends.example.maxAttempts=3
resilience4j.retry.backends.example.waitDuration=100ms
resilience4j.retry.backends.example.enableExponentialBackoff=true
resilience4j.retry.backends.example.exponentialBackoffMultiplier=2
resilience4j.retry.backends.example.exponentialMaxWaitDuration=222ms
resilience4j.retry.backends.example.retryExceptions[0]=java.lang.IllegalArgumentException
resilience4j.thread-pool-bulkhead.configs.default.maxThreadPoolSize=4
resilience4j.thread-pool-bulkhead.configs.default.coreThreadPoolSize=2
resilience4j.thread-pool-bulkhead.configs.default.queueCapacity=2
resilience4j.thread-pool-bulkhead.configs.default.keepAliveDuration=1s
resilience4j.thread-pool-bulkhead.backends.example.maxThreadPoolSize=1
resilience4j.thread-pool-bulkhead.backends.example.coreThreadPoolSize=1
resilience4j.thread-pool-bulkhead.backends.example.queueCapacity=1
resilience4j.timelimiter.time-limiter-aspect-order=398
resilience4j.timelimiter.configs.default.timeoutDuration=1s
resilience4j.timelimiter.configs.default.cancelRunningFuture=false
resilience4j.timelimiter.instances.other.timeoutDuration=5s
",
        adopted: "max_in_flight=1 max_queue_depth=1 request_ms=1000 max_attempts=3 \
                  base_backoff_ms=100 max_backoff_ms=222 jitter_percent=0",
        left_out: "connect_ms idle_ms",
        is_idempotent: false,
        reported: &[],
        change: ("Duration=222ms", "Duration=1s"),
        result: (
            "drift-looser",
            "resilience4j.retry.instances.example.exponential-max-wait-duration",
        ),
    },
    // abhishekjain1416/order-service:src/main/resources/resilience4j.properties
    Public {
        name: "inventory",
        options: ("resilience4j", Some("thread-pool-bulkhead"), None),
        text: r"management.health.circuitbreakers.enabled=true
resilience4j.circuitbreaker.instances.inventory.slidingWindowType=COUNT_BASED
resilience4j.timelimiter.instances.inventory.timeout-duration=3s
resilience4j.retry.instances.inventory.max-attempts=3
resilience4j.retry.instances.inventory.wait-duration=5s
",
        // The number of threads depends on the processors.
        adopted: "max_queue_depth=100 request_ms=3000 max_attempts=3 base_backoff_ms=5000 \
                  max_backoff_ms=5000 jitter_percent=0 multiplier_percent=100",
        left_out: "max_in_flight connect_ms idle_ms",
        is_idempotent: false,
        reported: &[
            (
                "drift-default",
                "resilience4j.thread-pool-bulkhead.instances.inventory.max-thread-pool-size",
            ),
            (
                "drift-default",
                "resilience4j.thread-pool-bulkhead.instances.inventory.core-thread-pool-size",
            ),
        ],
        change: ("max-attempts=3", "max-attempts=4"),
        result: ("drift-looser", "resilience4j.retry.instances.inventory.max-attempts"),
    },
    // profitsaathi-dot/profitsaathi-monolith:src/main/resources/application-resilience4j.yml
    Public {
        name: "bookkeeping",
        options: ("resilience4j", Some("bulkhead"), None),
        text: r"resilience4j.retry.configs.default.maxAttempts=3
resilience4j.retry.configs.default.waitDuration=1s
resilience4j.retry.configs.default.enableExponentialBackoff=true
resilience4j.retry.configs.default.exponentialBackoffMultiplier=2
resilience4j.retry.instances.example.baseConfig=default
resilience4j.retry.instances.example.maxAttempts=3
resilience4j.retry.instances.example.waitDuration=2s
resilience4j.retry.instances.mail.baseConfig=default
resilience4j.retry.instances.mail.maxAttempts=2
resilience4j.timelimiter.configs.default.timeoutDuration=10s
resilience4j.timelimiter.instances.example.timeoutDuration=30s
resilience4j.timelimiter.instances.example.cancelRunningFuture=true
resilience4j.bulkhead.configs.default.maxConcurrentCalls=25
resilience4j.bulkhead.configs.default.maxWaitDuration=0
resilience4j.bulkhead.instances.example.maxConcurrentCalls=10
resilience4j.bulkhead.instances.example.maxWaitDuration=100ms
",
        adopted: "max_in_flight=10 request_ms=30100 queue_ms=100 max_attempts=3 \
                  base_backoff_ms=2000 jitter_percent=0",
        left_out: "max_queue_depth connect_ms idle_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[(
            "drift-default",
            "resilience4j.retry.instances.example.exponential-max-wait-duration",
        )],
        change: ("maxWaitDuration=100ms", "maxWaitDuration=1s"),
        result: ("drift-looser", "resilience4j.bulkhead.instances.example.max-wait-duration"),
    },
    // agrowerk-organization/agrowerk-backend:src/main/resources/application-resilience4j.yml
    Public {
        name: "forecast",
        options: ("resilience4j", Some("bulkhead"), None),
        text: r"resilience4j.retry.configs.default.maxAttempts=3
resilience4j.retry.configs.default.waitDuration=2s
resilience4j.retry.configs.default.enableExponentialBackoff=true
resilience4j.retry.configs.default.exponentialBackoffMultiplier=2
resilience4j.retry.instances.example.baseConfig=default
resilience4j.retry.instances.example.retryExceptions[0]=java.io.IOException
resilience4j.timelimiter.instances.exampleCircuitBreaker.timeoutDuration=12s
resilience4j.bulkhead.instances.example.maxConcurrentCalls=10
resilience4j.bulkhead.instances.example.maxWaitDuration=100ms
",
        // The time limit has another name, so the default of 1 s applies.
        adopted: "max_in_flight=10 request_ms=1100 queue_ms=100 max_attempts=3 \
                  base_backoff_ms=2000 jitter_percent=0",
        left_out: "max_queue_depth connect_ms idle_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[(
            "drift-default",
            "resilience4j.retry.instances.example.exponential-max-wait-duration",
        )],
        change: ("maxConcurrentCalls=10", "maxConcurrentCalls=5"),
        result: ("drift-stricter", "resilience4j.bulkhead.instances.example.max-concurrent-calls"),
    },
    // joaofveloso/ontop-wallet-transfer:src/main/resources/resilience4j.properties
    Public {
        name: "wallet",
        options: ("resilience4j", Some("bulkhead"), None),
        text: r"resilience4j.retry.instances.wallet.max-attempts=3
resilience4j.retry.instances.wallet.wait-duration=500ms
resilience4j.retry.instances.wallet.enable-exponential-backoff=true
resilience4j.retry.instances.wallet.exponential-backoff-multiplier=2
resilience4j.retry.instances.wallet.randomization-factor=0.5
resilience4j.retry.instances.wallet.retry-exceptions=[java.io.IOException]
resilience4j.timelimiter.instances.wallet.timeout-duration=13s
",
        adopted: "max_in_flight=25 request_ms=13000 max_attempts=3 base_backoff_ms=500 \
                  jitter_percent=0",
        left_out: "max_queue_depth connect_ms idle_ms queue_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "resilience4j.retry.instances.wallet.exponential-max-wait-duration"),
            ("drift-default", "resilience4j.bulkhead.instances.wallet.max-wait-duration"),
            ("drift-unknown-setting", "resilience4j.retry.instances.wallet.randomization-factor"),
        ],
        change: ("wait-duration=500ms", "wait-duration=1s"),
        result: ("drift-looser", "resilience4j.retry.instances.wallet.wait-duration"),
    },
    // Tony12290427/arkknow_be:src/main/resources/application-resilience4j.yml
    Public {
        name: "language_model",
        options: ("resilience4j", Some("bulkhead"), None),
        text: r"resilience4j.retry.configs.default.max-attempts=3
resilience4j.retry.configs.default.wait-duration=500ms
resilience4j.retry.configs.default.exponential-backoff-multiplier=2
resilience4j.retry.instances.model.base-config=default
resilience4j.timelimiter.configs.default.timeout-duration=15s
resilience4j.timelimiter.instances.model.timeout-duration=15s
",
        adopted: "max_in_flight=25 request_ms=15000 max_attempts=3 base_backoff_ms=500 \
                  max_backoff_ms=500 jitter_percent=0 multiplier_percent=100",
        left_out: "max_queue_depth connect_ms idle_ms queue_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "resilience4j.bulkhead.instances.model.max-wait-duration"),
            (
                "drift-dead-setting",
                "resilience4j.retry.instances.model.exponential-backoff-multiplier",
            ),
        ],
        change: ("instances.model.timeout-duration=15s", "instances.model.timeout-duration=30s"),
        result: ("drift-looser", "resilience4j.timelimiter.instances.model.timeout-duration"),
    },
    // resilience4j/resilience4j-spring-boot2-demo:src/main/resources/application.yml
    Public {
        name: "old_demo",
        options: ("resilience4j", Some("bulkhead"), None),
        text: r"resilience4j.retry.backends.example.maxRetryAttempts=3
resilience4j.retry.backends.example.waitDuration=100
resilience4j.bulkhead.backends.example.maxWaitTime=10
resilience4j.bulkhead.backends.example.maxConcurrentCall=2
",
        // Version 2 has none of these names but `waitDuration`.
        adopted: "max_in_flight=25 request_ms=1000 max_attempts=3 base_backoff_ms=100 \
                  max_backoff_ms=100 jitter_percent=0 multiplier_percent=100",
        left_out: "max_queue_depth connect_ms idle_ms queue_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "resilience4j.bulkhead.instances.example.max-wait-duration"),
            ("drift-dead-setting", "resilience4j.retry.instances.example.max-retry-attempts"),
            ("drift-unknown-setting", "line 3 "),
            ("drift-unknown-setting", "resilience4j.bulkhead.instances.example.maxConcurrentCall"),
        ],
        change: ("maxRetryAttempts=3", "maxAttempts=5"),
        result: ("drift-looser", "resilience4j.retry.instances.example.max-attempts"),
    },
    // hlaff147/tcc-performance-circuit-breaker:services/payment-service-v3/src/main/resources/application.yml
    Public {
        name: "acquirer",
        options: ("resilience4j", Some("bulkhead"), None),
        text: r"resilience4j.retry.configs.default.registerHealthIndicator=true
resilience4j.retry.configs.default.eventConsumerBufferSize=100
resilience4j.retry.instances.acquirer.maxAttempts=3
resilience4j.retry.instances.acquirer.waitDuration=500ms
resilience4j.retry.instances.acquirer.enableExponentialBackoff=true
resilience4j.retry.instances.acquirer.exponentialBackoffMultiplier=2.0
resilience4j.retry.instances.acquirer.enableRandomizedWait=true
resilience4j.retry.instances.acquirer.randomizedWaitFactor=0.5
resilience4j.retry.instances.acquirer.retryExceptions[0]=java.io.IOException
",
        // A backoff is 250 ms to 750 ms at first: two thirds of it are random.
        adopted: "max_in_flight=25 request_ms=1000 max_attempts=3 base_backoff_ms=750 \
                  jitter_percent=67",
        left_out: "max_queue_depth connect_ms idle_ms queue_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            (
                "drift-default",
                "resilience4j.retry.instances.acquirer.exponential-max-wait-duration",
            ),
            ("drift-default", "resilience4j.bulkhead.instances.acquirer.max-wait-duration"),
            (
                "drift-unknown-setting",
                "resilience4j.retry.instances.acquirer.registerHealthIndicator",
            ),
            // A jitter of 67% is a factor of 0.503759.
            ("drift-stricter", "resilience4j.retry.instances.acquirer.randomized-wait-factor"),
        ],
        change: ("Factor=0.5", "Factor=0.8"),
        result: ("drift-looser", "resilience4j.retry.instances.acquirer.randomized-wait-factor"),
    },
];
