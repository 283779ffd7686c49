/**
 * The command line for people: each command reads, decides in values, and then patches a resource
 * or starts a Job, with the rights of whoever runs it.
 */
@NullMarked
package io.tunetrail.operator.cli;

import org.jspecify.annotations.NullMarked;
