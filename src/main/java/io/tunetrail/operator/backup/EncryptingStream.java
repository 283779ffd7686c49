package io.tunetrail.operator.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;

/** What a channel makes of a stream, as it is read: a piece at a time, however long it is. */
final class EncryptingStream extends InputStream {
  private static final int PIECE = 1 << 16;

  private final InputStream plain;
  private final Sink sink = new Sink();
  private final WritableByteChannel channel;
  private final byte[] piece = new byte[PIECE];
  private boolean ended;

  /** Makes the channel that writes to another. */
  interface Encryption {
    WritableByteChannel to(WritableByteChannel sink) throws GeneralSecurityException, IOException;
  }

  EncryptingStream(InputStream plain, Encryption encryption)
      throws GeneralSecurityException, IOException {
    this.plain = plain;
    this.channel = encryption.to(sink);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (sink.isDrained() && !ended) {
      encryptPiece();
    }
    return sink.drain(target, offset, length);
  }

  private void encryptPiece() throws IOException {
    sink.reset();
    int read = plain.readNBytes(piece, 0, PIECE);
    if (read == 0) {
      ended = true;
      channel.close();
    } else {
      channel.write(ByteBuffer.wrap(piece, 0, read));
    }
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }

  /** Holds what was encrypted and not read yet. */
  private static final class Sink extends ByteArrayOutputStream implements WritableByteChannel {
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

    boolean isDrained() {
      return drained == count;
    }

    int drain(byte[] target, int offset, int length) {
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
