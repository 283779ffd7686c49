package io.tunetrail.operator.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** What another writes, as it is read: a piece at a time, however long it is. */
abstract class ProducedStream extends InputStream {
  private final Sink sink = new Sink();
  private boolean ended;

  /**
   * Writes a piece, or less, to the sink of the constructor.
   *
   * @return whether there is more
   */
  abstract boolean produce() throws IOException;

  /** Where pieces are written to. */
  Sink sink() {
    return sink;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (sink.isDrained() && !ended) {
      sink.reset();
      ended = !produce();
    }
    return sink.drain(target, offset, length);
  }

  /** Holds what was written and not read yet. */
  static final class Sink extends ByteArrayOutputStream implements WritableByteChannel {
    private int drained;

    @Override
    public int write(ByteBuffer bytes) {
      var copy = new byte[bytes.remaining()];
      bytes.get(copy);
      writeBytes(copy);
      return copy.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public synchronized void reset() {
      super.reset();
      drained = 0;
    }

    private boolean isDrained() {
      return drained == count;
    }

    private int drain(byte[] target, int offset, int length) {
      if (isDrained()) {
        return -1;
      }
      int taken = Math.min(length, count - drained);
      System.arraycopy(buf, drained, target, offset, taken);
      drained += taken;
      return taken;
    }
  }
}
