package io.tunetrail.operator.reconcile;

import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.RestoreAdminSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.reconcile.InputReader.MissingInput;
import io.tunetrail.operator.restore.ObservedRestore.Closed;
import io.tunetrail.operator.restore.ObservedRestore.Open;
import io.tunetrail.operator.restore.ObservedRestore.Way;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who logs in for a restore, and where; nothing is connected to. */
record RestoreCredentials(InputReader inputs) {
  /** Every server has it, and nobody restores it. */
  private static final String MAINTENANCE = "postgres";

  /** As secrets of superusers write that all databases are theirs. */
  private static final String ANY = "*";

  /**
   * The way, and who makes and renames databases.
   *
   * @param admin null: the database's own user
   */
  record Login(Way way, @Nullable ConnectionSpec admin) {}

  Login login(TuneTrailRestore restore, TuneTrailDatabase database) throws MissingInput {
    var namespace = database.getMetadata().getNamespace();
    var spec = database.getSpec();
    var connection = spec.connection();
    var authority = inputs.authority(namespace, connection.caRef());
    var live =
        ConnectionSettings.resolve(
            connection,
            spec.environment(),
            namespace,
            inputs.secret(namespace, connection.secretRef().name()),
            authority,
            inputs.clientCertificate(namespace, connection.clientCertificateRef()));
    return switch (live) {
      case Resolution.Refused refused -> closed(refused);
      case Resolution.Resolved(ConnectionSettings settings) -> {
        var admin = restore.getSpec().admin();
        yield admin == null
            ? new Login(new Open(settings.database()), null)
            : admin(admin, database, settings, inputs.secret(namespace, admin.secretRef().name()));
      }
    };
  }

  private static Login closed(Resolution.Refused refused) {
    return new Login(new Closed(new Verdict(refused.reason(), refused.detail())), null);
  }

  /** To the live database's own server, whatever server the Secret may name. */
  private static Login admin(
      RestoreAdminSpec admin,
      TuneTrailDatabase database,
      ConnectionSettings live,
      Map<String, String> secret) {
    var asNamed = resolve(connection(admin, database, live, null), database, live, secret);
    var login =
        asNamed instanceof Resolution.Resolved(ConnectionSettings named)
                && !named.database().equals(live.database())
                && !named.database().equals(ANY)
            ? named.database()
            : MAINTENANCE;
    var connection = connection(admin, database, live, login);
    return switch (resolve(connection, database, live, secret)) {
      case Resolution.Refused refused -> closed(refused);
      case Resolution.Resolved _ -> new Login(new Open(live.database()), connection);
    };
  }

  private static Resolution resolve(
      ConnectionSpec connection,
      TuneTrailDatabase database,
      ConnectionSettings live,
      Map<String, String> secret) {
    return ConnectionSettings.resolve(
        connection,
        database.getSpec().environment(),
        database.getMetadata().getNamespace(),
        secret,
        live.caPem(),
        null);
  }

  private static ConnectionSpec connection(
      RestoreAdminSpec admin,
      TuneTrailDatabase database,
      ConnectionSettings live,
      @Nullable String login) {
    return new ConnectionSpec(
        admin.secretRef(),
        live.host(),
        live.port(),
        login,
        admin.role(),
        live.sslMode(),
        database.getSpec().connection().caRef());
  }
}
