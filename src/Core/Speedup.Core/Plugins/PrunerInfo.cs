namespace Speedup.Core.Plugins;

/// <summary>A pruner that a plugin brings.</summary>
/// <param name="Name">The name by which it is asked for.</param>
/// <param name="Description">What it removes first, in one line.</param>
public sealed record PrunerInfo(string Name, string Description);
