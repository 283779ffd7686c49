/**
 * What each engine needs, as values: its settings, its scripts and the shape of its Job's pod.
 * Pure.
 */
@NullMarked
package io.tunetrail.operator.engine;

import org.jspecify.annotations.NullMarked;
