//! Public configurations of HikariCP: values of public files, with other names.

use super::Public;

pub(super) const CONFIGURATIONS: &[Public] = &[
    // FranckPachot/ybdemo:hikari.properties
    Public {
        name: "cluster_demo",
        options: ("hikari", Some("properties"), None),
        text: r"dataSourceClassName=org.postgresql.ds.PGSimpleDataSource
dataSource.url=jdbc:postgresql://a.example:5433,b.example:5433/demo?loggerLevel=OFF&loadBalanceHosts=true
connectionTimeout=5000
minimumIdle=3
maximumPoolSize=6
maxLifetime=300000
idleTimeout=120000
connectionInitSql=prepare demo(int) as select \n\
 pg_sleep($1)
autoCommit=true
",
        // HikariCP sets the login timeout of a data source to `connectionTimeout`.
        adopted: "max_in_flight=6 connect_ms=5000 idle_ms=120000 queue_ms=5000 lifetime_ms=300000",
        left_out: "max_queue_depth request_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "dataSource.connectTimeout"),
            ("drift-default", "dataSource.options=-c statement_timeout"),
            ("drift-looser", "minimumIdle"),
        ],
        change: ("maximumPoolSize=6", "maximumPoolSize=12"),
        result: ("drift-looser", "maximumPoolSize"),
    },
    // nelsongomes/microservices-ftw:config/hikari.properties
    Public {
        name: "services",
        options: ("hikari", Some("properties"), None),
        text: r"dataSourceClassName=org.postgresql.ds.PGSimpleDataSource
dataSource.databaseName=services
dataSource.portNumber=5432
dataSource.serverName=db.example
connectionTestQuery=SELECT 1
autoCommit=true
connectionTimeout=5000
idleTimeout=600000
maxLifetime=1800000
maximumPoolSize=20
minimumIdle=5
",
        adopted: "max_in_flight=20 connect_ms=5000 idle_ms=600000 queue_ms=5000 \
                  lifetime_ms=1800000",
        left_out: "max_queue_depth request_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "dataSource.connectTimeout"),
            ("drift-default", "dataSource.options=-c statement_timeout"),
            ("drift-looser", "minimumIdle"),
        ],
        change: ("connectionTimeout=5000", "connectionTimeout=10000"),
        result: ("drift-looser", "connectionTimeout"),
    },
    // LionZXY/technopark-db:src/main/resources/hikari.properties
    Public {
        name: "course",
        options: ("hikari", Some("properties"), None),
        text: r"dataSourceClassName=org.postgresql.ds.PGSimpleDataSource
dataSource.databaseName=course
dataSource.portNumber=5432
dataSource.serverName=db.example",
        // The pool has a fixed size, so `idleTimeout` has no effect.
        adopted: "max_in_flight=10 connect_ms=30000 queue_ms=30000 lifetime_ms=1800000",
        left_out: "max_queue_depth request_ms idle_ms max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "minimumIdle"),
            ("drift-default", "idleTimeout"),
            ("drift-default", "dataSource.connectTimeout"),
            ("drift-default", "dataSource.options=-c statement_timeout"),
        ],
        change: ("dataSource.portNumber=5432", "maxLifetime=3600000"),
        result: ("drift-looser", "maxLifetime"),
    },
    // MTL0/barsf-iota-iri:src/main/resources/hikari.properties
    Public {
        name: "ledger",
        options: ("hikari", Some("properties"), None),
        text: r"jdbcUrl=jdbc:mysql://db.example:3306/ledger
maximumPoolSize=20
minimumIdle=5
connectionTestQuery=SELECT 1
autoCommit=true
dataSource.cachePrepStmts=true
dataSource.prepStmtCacheSize=250
dataSource.useServerPrepStmts=true
dataSource.maintainTimeStats=false",
        adopted: "max_in_flight=20 idle_ms=600000 queue_ms=30000 lifetime_ms=1800000",
        left_out: "max_queue_depth connect_ms request_ms max_attempts base_backoff_ms \
                  max_backoff_ms",
        is_idempotent: false,
        reported: &[("drift-looser", "minimumIdle")],
        change: ("minimumIdle=5", "minimumIdle=20"),
        result: ("drift-default", "idleTimeout"),
    },
    // PavelOkhrimchuk/CurrencyExchangeApp:src/main/resources/hikari.properties
    Public {
        name: "exchange",
        options: ("hikari", Some("properties"), None),
        text: r"jdbcUrl=jdbc:postgresql://db.example:5434/exchange
driverClassName=org.postgresql.Driver
cachePrepStmts=true
prepStmtCacheSize=250
prepStmtCacheSqlLimit=2048",
        adopted: "max_in_flight=10 queue_ms=30000 lifetime_ms=1800000",
        left_out: "max_queue_depth connect_ms request_ms idle_ms max_attempts base_backoff_ms \
                  max_backoff_ms",
        is_idempotent: false,
        // HikariCP does not start with these settings, which are for the driver.
        reported: &[
            ("drift-default", "minimumIdle"),
            ("drift-default", "idleTimeout"),
            ("drift-default", "dataSource.connectTimeout"),
            ("drift-default", "dataSource.loginTimeout"),
            ("drift-default", "dataSource.options=-c statement_timeout"),
            ("drift-rejected", ""),
            ("drift-rejected", ""),
            ("drift-rejected", ""),
        ],
        change: ("cachePrepStmts=true", "connectionTimeout=100"),
        result: ("drift-rejected", "connectionTimeout"),
    },
    // DDFXulei/azure-database-workshop:src/main/resources/hikari.properties
    Public {
        name: "workshop",
        options: ("hikari", Some("properties"), None),
        text: r"jdbcUrl=jdbc:sqlserver://db.example:1433;database=workshop;encrypt=true;loginTimeout=30;
driverClassName=com.microsoft.sqlserver.jdbc.SQLServerDataSource

maximumPoolSize=10
minimumIdle=0",
        adopted: "max_in_flight=10 idle_ms=600000 queue_ms=30000 lifetime_ms=1800000",
        left_out: "max_queue_depth connect_ms request_ms max_attempts base_backoff_ms \
                  max_backoff_ms",
        is_idempotent: false,
        reported: &[],
        change: ("maximumPoolSize=10", "maximumPoolSize=5"),
        result: ("drift-stricter", "maximumPoolSize"),
    },
    // shiva-hatti/cims:src/main/resources/application-hikari.properties
    Public {
        name: "invoices",
        options: ("hikari", Some("spring"), None),
        text: "spring.datasource.url = jdbc:mysql://db.example:3306/invoices
spring.jpa.properties.hibernate.dialect = org.hibernate.dialect.MySQLDialect
spring.datasource.hikari.connection-timeout = 20000
spring.datasource.hikari.minimum-idle= 5
spring.datasource.hikari.maximum-pool-size= 10
spring.datasource.hikari.idle-timeout=10000 
spring.datasource.hikari.max-lifetime= 1000 
",
        // HikariCP replaces a lifetime below 30 s by its default.
        adopted: "max_in_flight=10 idle_ms=10000 queue_ms=20000 lifetime_ms=1800000",
        left_out: "max_queue_depth connect_ms request_ms max_attempts base_backoff_ms \
                  max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-looser", "spring.datasource.hikari.minimum-idle"),
            ("drift-dead-setting", "spring.datasource.hikari.max-lifetime"),
        ],
        change: ("idle-timeout=10000", "idle-timeout=60000"),
        result: ("drift-looser", "spring.datasource.hikari.idle-timeout"),
    },
    // Apparition2018/epitome:src/main/resources/application-hikari.properties
    Public {
        name: "digest",
        options: ("hikari", Some("spring"), None),
        text: r"spring.datasource.type=com.zaxxer.hikari.HikariDataSource
spring.datasource.driver-class-name=com.mysql.cj.jdbc.Driver
spring.datasource.url=jdbc:mysql://db.example:3311/digest?zeroDateTimeBehavior=convertToNull
spring.datasource.hikari.maximum-pool-size=20
spring.datasource.hikari.idle-timeout=500000
spring.datasource.hikari.max-lifetime=540000
spring.datasource.hikari.connection-timeout=60000
spring.datasource.hikari.connection-test-query=SELECT 1
",
        adopted: "max_in_flight=20 queue_ms=60000 lifetime_ms=540000",
        left_out: "max_queue_depth connect_ms request_ms idle_ms max_attempts base_backoff_ms \
                  max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "spring.datasource.hikari.minimum-idle"),
            ("drift-dead-setting", "spring.datasource.hikari.idle-timeout"),
        ],
        change: ("max-lifetime=540000", "max-lifetime=0"),
        result: ("drift-looser", "spring.datasource.hikari.max-lifetime"),
    },
    // Netflix/conductor:docker/server/config/config-postgres.properties
    Public {
        name: "workflows",
        options: ("hikari", Some("spring"), None),
        text: r"conductor.db.type=postgres
spring.datasource.url=jdbc:postgresql://db.example:5432/workflows
spring.datasource.hikari.maximum-pool-size=10
spring.datasource.hikari.minimum-idle=2
conductor.indexing.enabled=true
",
        adopted: "max_in_flight=10 idle_ms=600000 queue_ms=30000 lifetime_ms=1800000",
        left_out: "max_queue_depth connect_ms request_ms max_attempts base_backoff_ms \
                  max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "spring.datasource.hikari.data-source-properties.connectTimeout"),
            ("drift-default", "spring.datasource.hikari.data-source-properties.loginTimeout"),
            (
                "drift-default",
                "spring.datasource.hikari.data-source-properties.options=-c statement_timeout",
            ),
            ("drift-looser", "spring.datasource.hikari.minimum-idle"),
        ],
        change: ("maximum-pool-size=10", "maximum-pool-size=20"),
        result: ("drift-looser", "spring.datasource.hikari.maximum-pool-size"),
    },
    // 0xDVC/notification-system:src/main/resources/application-prod.properties
    Public {
        name: "notifications",
        options: ("hikari", Some("spring"), None),
        text: r"spring.datasource.url=${DATABASE_URL:jdbc:postgresql://db.example:5432/notices}
spring.datasource.driver-class-name=${DATABASE_DRIVER:org.postgresql.Driver}
spring.flyway.enabled=true
spring.datasource.hikari.maximum-pool-size=10
spring.datasource.hikari.minimum-idle=5
spring.datasource.hikari.connection-timeout=30000
spring.datasource.hikari.idle-timeout=600000
spring.datasource.hikari.max-lifetime=1800000
server.port=${PORT:8080}
",
        adopted: "max_in_flight=10 idle_ms=600000 queue_ms=30000 lifetime_ms=1800000",
        left_out: "max_queue_depth connect_ms request_ms max_attempts base_backoff_ms \
                  max_backoff_ms",
        is_idempotent: false,
        reported: &[("drift-looser", "spring.datasource.hikari.minimum-idle")],
        change: ("maximum-pool-size=10", "maximum-pool-size=30"),
        result: ("drift-looser", "spring.datasource.hikari.maximum-pool-size"),
    },
    // santannaf/hikari-ucp-demo:src/main/resources/application-hikari.properties
    Public {
        name: "banking",
        options: ("hikari", Some("spring"), None),
        text: r"spring.datasource.url=jdbc:oracle:thin:@(DESCRIPTION=(CONNECT_TIMEOUT=3)(RETRY_COUNT=2)(ADDRESS=(HOST=db.example)))
spring.datasource.hikari.maximum-pool-size=10
spring.datasource.hikari.minimum-idle=10
spring.datasource.hikari.connection-timeout=3000
spring.datasource.hikari.idle-timeout=300000
spring.datasource.hikari.max-lifetime=600000
spring.datasource.hikari.pool-name=banking
spring.datasource.hikari.validation-timeout=3000
spring.datasource.hikari.data-source-properties.oracle.jdbc.ReadTimeout=3000
spring.datasource.hikari.dataSourceProperties.oracle.net.READ_TIMEOUT=3
",
        adopted: "max_in_flight=10 queue_ms=3000 lifetime_ms=600000",
        left_out: "max_queue_depth connect_ms request_ms idle_ms max_attempts base_backoff_ms \
                  max_backoff_ms",
        is_idempotent: false,
        reported: &[
            ("drift-looser", "spring.datasource.hikari.minimum-idle"),
            ("drift-dead-setting", "spring.datasource.hikari.idle-timeout"),
        ],
        change: ("connection-timeout=3000", "connection-timeout=30000"),
        result: ("drift-looser", "spring.datasource.hikari.connection-timeout"),
    },
    // apache/fineract:fineract-provider/src/main/resources/application.properties
    Public {
        name: "accounts",
        options: ("hikari", Some("spring"), None),
        text: r"spring.datasource.hikari.driverClassName=${HIKARI_DRIVER:org.mariadb.jdbc.Driver}
spring.datasource.hikari.jdbcUrl=${HIKARI_URL:jdbc:mariadb://db.example:3306/accounts}
spring.datasource.hikari.minimumIdle=${HIKARI_MINIMUM_IDLE:3}
spring.datasource.hikari.maximumPoolSize=${HIKARI_MAXIMUM_POOL_SIZE:10}
spring.datasource.hikari.idleTimeout=${HIKARI_IDLE_TIMEOUT:60000}
spring.datasource.hikari.connectionTimeout=${HIKARI_CONNECTION_TIMEOUT:20000}
spring.datasource.hikari.connectionTestquery=${HIKARI_TEST_QUERY:SELECT 1}
spring.datasource.hikari.autoCommit=${HIKARI_AUTO_COMMIT:true}
spring.datasource.hikari.transactionIsolation=${HIKARI_ISOLATION:TRANSACTION_REPEATABLE_READ}
spring.datasource.hikari.dataSourceProperties['cachePrepStmts']=${HIKARI_CACHE:true}
",
        // Only the lifetime is not a placeholder.
        adopted: "lifetime_ms=1800000",
        left_out: "max_in_flight max_queue_depth connect_ms request_ms idle_ms queue_ms \
                  max_attempts base_backoff_ms max_backoff_ms",
        is_idempotent: false,
        reported: &[],
        change: ("${HIKARI_MAXIMUM_POOL_SIZE:10}", "50"),
        result: ("drift-looser", "spring.datasource.hikari.maximum-pool-size"),
    },
];
