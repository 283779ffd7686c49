package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.engine.HandsScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HandsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PASSWORD = "p%w@: ü";
  private static final String ENCODED = "p%25w%40%3A%20%C3%BC";

  @TempDir Path folder;
  private SharedFolder shared = new SharedFolder(Path.of(""));
  private @Nullable TestHands hands;

  @BeforeEach
  void open() throws IOException {
    shared = new SharedFolder(folder);
    shared.writeHands();
    shared.touch(Instant.now());
  }

  @AfterEach
  void close() {
    if (hands != null) {
      hands.close();
    }
  }

  private TestHands hands() {
    hands = TestHands.beside(folder);
    return hands;
  }

  private void ask(int number, String program, String... arguments) throws IOException {
    var command = List.of("python3", "-c", program);
    ask(number, Stream.concat(command.stream(), List.of(arguments).stream()).toList(), null);
  }

  private void ask(int number, List<String> command, @Nullable String configuration)
      throws IOException {
    var urls =
        Map.of("", "postgresql://app:" + ENCODED + "@db/x", "psycopg", "postgresql+psycopg://db/x");
    shared.request(
        number,
        new HandsRequest(command, Map.of("PGPASSWORD", PASSWORD), configuration, null, urls));
  }

  private HandsAnswer answer(int number) {
    return await()
        .atMost(PATIENCE)
        .until(() -> shared.answer(number), Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void commands_run_one_after_the_other_and_the_report_ends_the_container() throws IOException {
    try (var running = hands()) {
      ask(1, "print('one'); raise SystemExit(3)");
      assertThat(answer(1)).isEqualTo(new HandsAnswer(3, "one\n", false, false));
      ask(2, "import sys; print('two', file=sys.stderr)");
      assertThat(answer(2)).isEqualTo(new HandsAnswer(0, "two\n", false, false));
      shared.end(15, "{\"outcome\":\"SQL_FAILED\"}");

      assertThat(running.exitCode()).isEqualTo(15);
      assertThat(running.report()).isEqualTo("{\"outcome\":\"SQL_FAILED\"}");
      assertThat(running.log()).isEqualTo("one\ntwo\n");
    }
  }

  @Test
  void a_request_is_for_this_user_alone_and_gone_once_it_is_read() throws IOException {
    ask(1, "print('done')");
    var request = folder.resolve("request-1.json");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(request)))
        .isEqualTo("rw-------");
    try (var _ = hands()) {
      answer(1);
      assertThat(request).doesNotExist();
    }
  }

  @Test
  void the_password_is_masked_in_the_log_and_in_the_answer() throws IOException {
    try (var running = hands()) {
      ask(
          1,
          """
          import base64, json, os, urllib.parse
          p = os.environ["PGPASSWORD"]
          print("raw", p, "encoded", urllib.parse.quote(p, safe=""), "plus", urllib.parse.quote_plus(p),
                "ini", urllib.parse.quote(p, safe="").replace("%", "%%"), "sqlalchemy", urllib.parse.quote(p, safe=" +"),
                "json", json.dumps(p), "python", repr(p), "base64", base64.b64encode(p.encode()).decode())
          """);

      var masked =
          "raw *** encoded *** plus *** ini *** sqlalchemy *** json \"***\" python '***' base64"
              + " ***";
      assertThat(answer(1).output()).startsWith(masked);
      assertThat(running.log()).startsWith(masked);
    }
  }

  @Test
  void the_log_has_all_and_the_answer_the_end() throws IOException {
    try (var running = hands()) {
      ask(1, "print('begin'); print('x' * 30000); print('end')");

      var output = answer(1).output();
      assertThat(output).hasSize(16 * 1024).endsWith("x\nend\n");
      running.awaitLog("end");
      assertThat(running.log()).startsWith("begin\n").hasSizeGreaterThan(30_000);
    }
  }

  @Test
  void lines_reach_the_log_as_they_are_said() throws IOException {
    try (var running = hands()) {
      ask(1, "import time; print('now'); time.sleep(60)");
      running.awaitLog("now");
      shared.stop();

      assertThat(answer(1).exitCode()).isEqualTo(-15);
    }
  }

  @Test
  void who_does_not_stop_when_told_to_is_killed() throws IOException {
    try (var running = hands()) {
      ask(
          1,
          "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(60)");
      running.awaitLog("deaf");
      shared.stop();

      assertThat(answer(1).exitCode()).isEqualTo(-9);
    }
  }

  @Test
  void what_a_command_started_ends_with_it() throws IOException {
    try (var running = hands()) {
      ask(1, "import subprocess; subprocess.run(['sh', '-c', 'echo child $$; sleep 60; true'])");
      running.awaitLog("child ");
      long child = Long.parseLong(running.log().replaceAll("(?s).*child (\\d+).*", "$1"));
      shared.stop();
      answer(1);

      await()
          .atMost(PATIENCE)
          .until(() -> ProcessHandle.of(child).map(it -> !it.isAlive()).orElse(true));
    }
  }

  @Test
  void the_pod_s_end_reaches_the_command_and_the_answer_says_so() throws IOException {
    try (var running = hands()) {
      ask(1, "import time; print('now'); time.sleep(60)");
      running.awaitLog("now");
      running.process().destroy();

      assertThat(answer(1)).isEqualTo(new HandsAnswer(-15, "now\n", false, true));
      shared.end(143, "{}");
      assertThat(running.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void without_its_guard_s_sign_of_life_nothing_goes_on() throws IOException {
    Files.setLastModifiedTime(
        folder.resolve("alive"), FileTime.from(Instant.now().minusSeconds(40)));
    ask(1, "import time; print('now'); time.sleep(60)");

    try (var running =
        TestHands.start(
            folder,
            List.of(
                "-c",
                "import sys; sys.path.insert(0, '%s'); import hands; hands.STARTED = 0; hands.Hands().serve()"
                    .formatted(folder)))) {
      hands = running;
      assertThat(running.exitCode()).isEqualTo(1);
      assertThat(running.report())
          .contains("INTERNAL_ERROR", "the guard gave no sign of life for 30 s");
    }
  }

  @Test
  void a_command_that_is_not_there_is_an_answer_too() throws IOException {
    try (var _ = hands()) {
      ask(1, List.of("no-such-program"), null);

      assertThat(answer(1).exitCode()).isEqualTo(127);
      assertThat(answer(1).output()).contains("FileNotFoundError", "no-such-program");
    }
  }

  @Test
  void the_script_is_short_enough_to_be_an_argument() {
    assertThat(HandsScript.TEXT.length()).isLessThan(100_000);
  }
}
