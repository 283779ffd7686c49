package io.tunetrail.operator.guard;

import org.jspecify.annotations.Nullable;

/**
 * Where a program finds what TLS needs.
 *
 * @param authorities the certificates that may sign the server's
 * @param certificate what the program shows a server that asks; null: nothing
 * @param key its private key; null: none
 */
record TlsFiles(String authorities, @Nullable String certificate, @Nullable String key) {}
