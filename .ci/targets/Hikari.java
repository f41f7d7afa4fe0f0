// Runs HikariCP with files of a folder, or a pool in front of PostgreSQL. Prints one line per result.

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

class Hikari {
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "validate" -> validate(Path.of(arguments[1]));
            case "limits" -> limits(arguments[1]);
            case "login" -> login(arguments[1]);
            case "source" -> source(List.of(arguments).subList(1, arguments.length));
            case "idle" -> idle(List.of(arguments).subList(1, arguments.length));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Prints the values of each file after HikariCP has replaced some, or `refused`. */
    static void validate(Path folder) throws Exception {
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                System.out.println(file.getFileName() + " " + effective(file.toString()));
            }
        }
    }

    static String effective(String file) {
        try {
            HikariConfig config = new HikariConfig(file);
            config.validate();
            return String.join(
                    "\t",
                    "maximumPoolSize=" + config.getMaximumPoolSize(),
                    "minimumIdle=" + config.getMinimumIdle(),
                    "connectionTimeout=" + config.getConnectionTimeout(),
                    "maxLifetime=" + config.getMaxLifetime(),
                    "idleTimeout=" + config.getIdleTimeout(),
                    "connectTimeout=" + config.getDataSourceProperties().get("connectTimeout"),
                    "loginTimeout=" + config.getDataSourceProperties().get("loginTimeout"),
                    "options=" + config.getDataSourceProperties().get("options"));
        } catch (RuntimeException refused) {
            return "refused";
        }
    }

    static long millisecondsSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    /** Occupies all connections, waits for one more, and runs a statement that does not end. */
    static void limits(String file) throws Exception {
        try (HikariDataSource pool = new HikariDataSource(new HikariConfig(file))) {
            List<Connection> busy = new ArrayList<>();
            while (busy.size() < pool.getMaximumPoolSize()) {
                busy.add(pool.getConnection());
            }
            long start = System.nanoTime();
            try {
                busy.add(pool.getConnection());
            } catch (SQLException timeout) {
                System.out.println("busy " + busy.size());
                System.out.println("waited " + millisecondsSince(start));
            }
            start = System.nanoTime();
            try (var statement = busy.get(0).createStatement()) {
                statement.execute("SELECT pg_sleep(60)");
            } catch (SQLException timeout) {
                System.out.println("state " + timeout.getSQLState());
                System.out.println("ran " + millisecondsSince(start));
            }
            for (Connection connection : busy) {
                connection.close();
            }
        }
    }

    /** Connects to a server that accepts connections and never answers. */
    static void login(String file) throws Exception {
        var properties = new HikariConfig(file).getDataSourceProperties();
        properties.put("user", "app");
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/postgres";
            long start = System.nanoTime();
            try (Connection connection = DriverManager.getConnection(url, properties)) {
                System.out.println("connected");
            } catch (SQLException timeout) {
                System.out.println("login " + millisecondsSince(start));
            }
        }
    }

    /** Prints the login timeout of the data source of each file, in seconds, without a server. */
    static void source(List<String> files) throws Exception {
        for (String file : files) {
            HikariConfig config = new HikariConfig(file);
            config.setInitializationFailTimeout(-1);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                System.out.println("login " + pool.unwrap(PGSimpleDataSource.class).getLoginTimeout());
            }
        }
    }

    /** Prints the connections of each pool before and after their idle time of 10 s. */
    static void idle(List<String> files) throws Exception {
        List<HikariDataSource> pools = new ArrayList<>();
        for (String file : files) {
            HikariDataSource pool = new HikariDataSource(new HikariConfig(file));
            pools.add(pool);
            List<Connection> busy = new ArrayList<>();
            while (busy.size() < pool.getMaximumPoolSize()) {
                busy.add(pool.getConnection());
            }
            for (Connection connection : busy) {
                connection.close();
            }
        }
        Thread.sleep(8_000);
        print("before", pools);
        Thread.sleep(5_000);
        print("after", pools);
        pools.forEach(HikariDataSource::close);
    }

    static void print(String when, List<HikariDataSource> pools) {
        for (HikariDataSource pool : pools) {
            System.out.println(when + " " + pool.getHikariPoolMXBean().getTotalConnections());
        }
    }
}
