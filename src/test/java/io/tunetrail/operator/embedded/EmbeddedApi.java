package io.tunetrail.operator.embedded;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A stand-in for the Kubernetes API on the loopback interface, over plain HTTP, that knows the
 * custom resources.
 */
public final class EmbeddedApi implements AutoCloseable {
  /** The namespace that clients use unless they name another. */
  public static final String NAMESPACE = "default";

  private static final Path CRDS = Path.of("crds");

  static {
    // The mock server's Netty warns of its own use of memory otherwise.
    System.setProperty("io.netty.noUnsafe", "true");
  }

  // Held, because a logger that nobody holds forgets its level.
  private static final Logger MOCK_LOG = Logger.getLogger(MockWebServer.class.getName());

  private final CustomResourceDefinition databases = readCrd(TuneTrailDatabase.class);
  private final List<CustomResourceDefinition> crds =
      List.of(databases, readCrd(TuneTrailRestore.class));
  private final ApiDispatcher dispatcher = new ApiDispatcher(crds);
  private final KubernetesMockServer server;

  /** Starts on a free port. */
  public EmbeddedApi() {
    MOCK_LOG.setLevel(Level.WARNING);
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    try (var client = client("setup")) {
      crds.forEach(crd -> client.resource(crd).create());
    }
  }

  public URI url() {
    return URI.create(
        "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getPort());
  }

  /**
   * A client of its own, to be closed by the caller; {@code agent} is its name in {@link #writes}.
   */
  public KubernetesClient client(String agent) {
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(url().toString())
            .withNamespace(NAMESPACE)
            .withHttp2Disable(true)
            .withUserAgent(agent)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Writes how a person, ada, gets at it; the answer is the file. */
  public Path writeKubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: ada, namespace: %s}}]
        clusters: [{name: test, cluster: {server: "%s"}}]
        users: [{name: ada, user: {token: ada}}]
        """
            .formatted(NAMESPACE, url()));
  }

  /** All requests so far that asked to change something, in order, also the refused ones. */
  public List<ApiRequest> writes() {
    return dispatcher.writes();
  }

  /**
   * Answers matching requests with a refusal, until the returned is closed.
   *
   * @param reason CamelCase, as in a Status of the API
   */
  public Refusal refuse(Predicate<ApiRequest> which, int code, String reason, String message) {
    var status = Optional.of(new ApiStatus(code, reason, message));
    dispatcher.refusals().add(r -> which.test(r) ? status : Optional.empty());
    var added = dispatcher.refusals().getLast();
    return () -> dispatcher.refusals().remove(added);
  }

  /**
   * Loses all events of a client's open watches, until the returned is closed; they are not told
   * later either.
   */
  public Refusal loseEventsOf(String agent) {
    return dispatcher.loseEventsOf(agent);
  }

  /** From now on these are the pods' logs, by the pods' names. */
  void serveLogs(Function<String, Optional<String>> podLogs) {
    dispatcher.serveLogs(podLogs);
  }

  /** A refusal in force. */
  public interface Refusal extends AutoCloseable {
    @Override
    void close();
  }

  /** Custom resources as {@code kubectl get ttdb} prints them. */
  String table(List<TuneTrailDatabase> databases) {
    return KubectlTable.of(this.databases).print(databases, Instant.now());
  }

  @Override
  public void close() {
    server.destroy();
  }

  /** The committed file, whose being up to date another test sees to. */
  private static CustomResourceDefinition readCrd(Class<? extends HasMetadata> kind) {
    var file = CRDS.resolve(HasMetadata.getFullResourceName(kind) + "-v1.yml");
    try {
      return Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new UncheckedIOException("run this in the project's folder, which has " + file, e);
    }
  }
}
