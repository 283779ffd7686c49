package io.tunetrail.operator.embedded;

import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of all objects, from which a watch is served from the resourceVersion it asks
 * for: the mock's own watches lose what happens between a list and its watch.
 */
final class WatchLog {
  private static final int KEPT = 2_000;

  /** One object's state and the attributes it is selected by. */
  record State(AttributeSet attributes, String json) {}

  private record Change(long version, @Nullable State before, @Nullable State after) {

    /** The event a watch with this selection sees; empty where the change does not concern it. */
    Optional<String> eventFor(AttributeSet selection) {
      var was = selected(before, selection);
      var is = selected(after, selection);
      return is.isPresent()
          ? is.map(now -> event(was.isPresent() ? "MODIFIED" : "ADDED", now.json()))
          : was.map(gone -> event("DELETED", gone.json()));
    }

    private static Optional<State> selected(@Nullable State state, AttributeSet selection) {
      return Optional.ofNullable(state).filter(known -> known.attributes().matches(selection));
    }
  }

  private final Deque<Change> changes = new ArrayDeque<>();
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
  private final Set<String> deaf = ConcurrentHashMap.newKeySet();
  private long forgotten;

  synchronized void add(long version, @Nullable State before, @Nullable State after) {
    var change = new Change(version, before, after);
    changes.addLast(change);
    if (changes.size() > KEPT) {
      forgotten = changes.removeFirst().version();
    }
    streams.forEach(stream -> stream.send(change));
  }

  /**
   * A watch.
   *
   * @param since the resourceVersion after which changes are sent; 0: first all that exists
   * @param existing all objects, for a watch from the beginning
   * @param agent the client's User-Agent
   */
  WebSocketListener watch(
      AttributeSet selection,
      long since,
      Supplier<Map<AttributeSet, String>> existing,
      String agent) {
    return new Stream(selection, since, existing, agent);
  }

  /** What changes meanwhile is never told to this client's open watches, not even afterwards. */
  EmbeddedApi.Refusal loseEventsOf(String agent) {
    deaf.add(agent);
    return () -> deaf.remove(agent);
  }

  private synchronized void open(Stream stream, WebSocket socket) {
    if (stream.since > 0 && stream.since < forgotten) {
      var expired = new ApiStatus(410, "Expired", "too old resource version: " + stream.since);
      socket.send(event("ERROR", expired.json()));
      socket.close(1000, "Expired");
      return;
    }
    stream.socket = socket;
    if (stream.since == 0) {
      stream.existing.get().entrySet().stream()
          .filter(entry -> entry.getKey().matches(stream.selection))
          .forEach(entry -> socket.send(event("ADDED", entry.getValue())));
    } else {
      List.copyOf(changes).stream()
          .filter(change -> change.version() > stream.since)
          .forEach(stream::send);
    }
    streams.add(stream);
  }

  private static String event(String type, String object) {
    return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
  }

  private final class Stream extends WebSocketListener {
    private final AttributeSet selection;
    private final long since;
    private final Supplier<Map<AttributeSet, String>> existing;
    private final String agent;
    private @Nullable WebSocket socket;

    Stream(
        AttributeSet selection,
        long since,
        Supplier<Map<AttributeSet, String>> existing,
        String agent) {
      this.agent = agent;
      this.selection = selection;
      this.since = since;
      this.existing = existing;
    }

    void send(Change change) {
      var open = socket;
      if (open != null && !deaf.contains(agent)) {
        change.eventFor(selection).ifPresent(open::send);
      }
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
      open(this, webSocket);
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
      streams.remove(this);
      webSocket.close(code, reason);
    }

    @Override
    public void onClosed(WebSocket webSocket, int code, String reason) {
      streams.remove(this);
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable error, Response response) {
      streams.remove(this);
    }
  }
}
