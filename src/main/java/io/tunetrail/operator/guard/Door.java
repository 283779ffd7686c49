package io.tunetrail.operator.guard;

import java.io.IOException;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** The port whose opening lets the program's container start. */
final class Door implements AutoCloseable {
  private final int port;
  private volatile boolean closed;
  private @Nullable ServerSocket socket;

  Door(int port) {
    this.port = port;
  }

  /** Does nothing where it is open. */
  void open() throws IOException {
    if (socket == null) {
      var opened = new ServerSocket(port);
      socket = opened;
      Thread.ofPlatform().daemon().name("door").start(() -> greet(opened));
    }
  }

  /** Who knocks has seen what there is to see. */
  private void greet(ServerSocket opened) {
    while (!closed) {
      try {
        opened.accept().close();
      } catch (IOException e) {
        if (opened.isClosed()) {
          return;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (socket != null) {
      socket.close();
    }
  }
}
