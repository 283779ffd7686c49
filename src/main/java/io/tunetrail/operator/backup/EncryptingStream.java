package io.tunetrail.operator.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;

/** What a channel makes of a stream. */
final class EncryptingStream extends ProducedStream {
  private static final int PIECE = 1 << 16;

  private final InputStream plain;
  private final WritableByteChannel channel;
  private final byte[] piece = new byte[PIECE];

  /** Makes the channel that writes to another. */
  interface Encryption {
    WritableByteChannel to(WritableByteChannel sink) throws GeneralSecurityException, IOException;
  }

  EncryptingStream(InputStream plain, Encryption encryption)
      throws GeneralSecurityException, IOException {
    this.plain = plain;
    this.channel = encryption.to(sink());
  }

  @Override
  boolean produce() throws IOException {
    int read = plain.readNBytes(piece, 0, PIECE);
    if (read == 0) {
      channel.close();
      return false;
    }
    channel.write(ByteBuffer.wrap(piece, 0, read));
    return true;
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
