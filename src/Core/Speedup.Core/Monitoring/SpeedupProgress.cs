namespace Speedup.Core.Monitoring;

/// <summary>
/// How far a speedup is. Phases follow each other, and come again for each small model that is tried; within one, <paramref name="Done"/> and
/// <paramref name="Total"/> never fall, and the last report of each has them equal. The last of all is of <c>commit</c>.
/// </summary>
/// <param name="Phase">
/// What it is at: <c>validate</c>, <c>inspect</c>, <c>trace</c> (steps: passes of the masked model), <c>propagate</c> (calls of the graph), <c>plan</c>,
/// <c>replace</c>, <c>verify</c> (inputs), <c>report</c> or <c>commit</c>.
/// </param>
/// <param name="Attempt">Number of the small model that is made, from one; 0 before the first.</param>
/// <param name="Done">Steps of the phase that are done.</param>
/// <param name="Total">All steps of the phase, as far as they are known: the sizes that a model takes are found as passes are made.</param>
public readonly record struct SpeedupProgress(string Phase, int Attempt, int Done, int Total);
