namespace Speedup.TestKit.Reports;

/// <summary>A plugin has failed the kit, or could not be tested by it.</summary>
public sealed class KitException(string message) : Exception(message);
