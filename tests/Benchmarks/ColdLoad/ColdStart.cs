namespace Benchmarks.ColdLoad;

/// <summary>One start of a process.</summary>
/// <param name="Registered">What it registered.</param>
/// <param name="Elapsed">Milliseconds until all handlers were registered.</param>
/// <param name="Processor">Milliseconds of processor time until then: other than elapsed time, it does not grow with the load of the machine.</param>
internal sealed record ColdStart(string Registered, double Elapsed, double Processor);
