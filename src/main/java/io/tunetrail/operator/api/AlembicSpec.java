package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Alembic's migrations in the application's own image, run by the image's own Alembic.
 *
 * @param image the application's own, with Alembic, revisions and models
 * @param workingDirectory where the command runs; the image's own where it is not given
 * @param config the ini file, relative to the working directory
 * @param command that takes {@code upgrade REVISION}; [alembic] where it is not given, [flask, db]
 *     for Flask-Migrate
 * @param python how the image starts Python; [python] where it is not given
 * @param branch the label of the branch that {@code latest} means, where there are several heads
 * @param versionTable where the project keeps its revision
 * @param versionTableSchema the schema of that table; the connection's own where it is not given
 * @param urls variables that hold the database's URL; an env.py that reads only the ini file needs
 *     none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "(!has(self.versionTable) || bytes(self.versionTable).size() <= 63)"
            + " && (!has(self.versionTableSchema) || bytes(self.versionTableSchema).size() <= 63)",
    message = "PostgreSQL would cut the name of a schema or table that is longer than 63 bytes")
public record AlembicSpec(
    @Required @Size(min = 1, max = 1000) String image,
    @Nullable @Size(min = 1, max = 1000) String workingDirectory,
    @Nullable @Default("alembic.ini") @Size(min = 1, max = 1000) String config,
    @Nullable @Size(min = 1, max = 50) List<String> command,
    @Nullable @Size(min = 1, max = 10) List<String> python,
    @Nullable @Pattern("^[^@+:-]+$") @Size(min = 1, max = 100) String branch,
    @Nullable @Default("alembic_version") @Size(min = 1, max = 63) String versionTable,
    @Nullable @Size(min = 1, max = 63) String versionTableSchema,
    @Nullable @Size(max = 10) List<UrlVariable> urls) {}
