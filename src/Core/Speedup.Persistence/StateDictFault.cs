namespace Speedup.Persistence;

/// <summary>One way in which a weights file and a module do not fit.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="Name">Name of the tensor.</param>
/// <param name="Message">What differs, with actual and expected values.</param>
public sealed record StateDictFault(StateDictFaultKind Kind, string Name, string Message);
