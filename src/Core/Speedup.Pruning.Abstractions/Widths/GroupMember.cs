namespace Speedup.Pruning.Abstractions;

/// <summary>The part of a group that lies in one parameter, on one axis.</summary>
/// <param name="ModulePath">Dotted path of the module from the root; empty for the root itself.</param>
/// <param name="Parameter">Name of the parameter, or of a buffer that serves as one, within the module.</param>
/// <param name="Axis">Axis of the parameter, from 0.</param>
/// <param name="Indices">Indices on that axis, ascending; several where one channel is many features, as after a flatten.</param>
/// <param name="Role">What the module does to the channel.</param>
public sealed record GroupMember(string ModulePath, string Parameter, int Axis, IReadOnlyList<int> Indices, MemberRole Role);
