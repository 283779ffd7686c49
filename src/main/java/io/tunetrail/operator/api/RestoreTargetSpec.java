package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where the backup comes back, on the database's own server, by exactly one of these.
 *
 * @param newDatabase one that does not exist yet
 * @param inPlace in the live one's place, which is kept under another name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.newDatabase) != has(self.inPlace)",
    message = "into has exactly one of newDatabase and inPlace")
@ValidationRule(
    value =
        "!has(self.newDatabase) || !(self.newDatabase in ['postgres', 'template0', 'template1'])",
    message = "into.newDatabase is a name of PostgreSQL's own; take another one")
public record RestoreTargetSpec(
    @Nullable @Pattern("^[A-Za-z0-9_][A-Za-z0-9_.-]*$") @Size(min = 1, max = 63) String newDatabase,
    @Nullable InPlaceSpec inPlace) {}
