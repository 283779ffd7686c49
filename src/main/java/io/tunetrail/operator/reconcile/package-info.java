/**
 * The imperative shell around the decision: gathers what is observed, carries out the plan, patches
 * the status once.
 */
@NullMarked
package io.tunetrail.operator.reconcile;

import org.jspecify.annotations.NullMarked;
