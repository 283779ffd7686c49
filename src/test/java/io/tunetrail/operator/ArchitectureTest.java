package io.tunetrail.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Keeps the functional core pure: no client, no SQL, no clock. */
class ArchitectureTest {
  private static final String[] PURE = {
    "..lifecycle..", "..engine..", "..status..", "..restore..", "..api.."
  };

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.tunetrail.operator");

  @Test
  void the_core_knows_no_client_and_no_operator_sdk() {
    noClasses()
        .that()
        .resideInAnyPackage("..lifecycle..", "..engine..", "..status..", "..restore..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..")
        .check(classes);
  }

  @Test
  void the_core_knows_no_sql_and_does_no_input_or_output() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "java.net..", "java.nio.file..", "org.postgresql..")
        .check(classes);
  }

  @Test
  void the_core_is_told_the_time() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .check(classes);
  }

  @Test
  void sql_is_spoken_in_four_packages() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..database..", "..migration..", "..guard..", "..backup..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..")
        .check(classes);
  }

  @Test
  void nothing_loads_opentelemetry_but_what_starts_when_traces_are_asked_for() {
    noClasses()
        .that()
        .doNotHaveSimpleName("OpenTelemetrySpans")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.opentelemetry..")
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackages("..runtime..", "..tracing..")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("OpenTelemetrySpans")
        .check(classes);
  }
}
