package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of the application's own image, run in its own way beside the operator's guard. It
 * finds PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE, PGSSLROOTCERT, EDITION and
 * ENVIRONMENT.
 *
 * @param image the application's own
 * @param command as an argument list
 * @param workingDirectory where it runs; the image's own where it is not given
 * @param python how the image starts Python, which runs the command; [python] where it is not given
 * @param urls variables that hold the database's URL
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProgramSpec(
    @Required @Size(min = 1, max = 1000) String image,
    @Required @Size(min = 1, max = 50) List<String> command,
    @Nullable @Size(min = 1, max = 1000) String workingDirectory,
    @Nullable @Size(min = 1, max = 10) List<String> python,
    @Nullable @Size(max = 10) List<UrlVariable> urls) {}
