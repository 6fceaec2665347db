using Speedup.Abstractions;

namespace Speedup.Pruning.Pipeline;

/// <summary>A pipeline is built wrongly, its folder does not serve, or one of its stages has failed.</summary>
public sealed class PipelineException : SpeedupException
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">Permanent code, <c>SPD9201</c> and following.</param>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="inner">The cause, if any.</param>
    public PipelineException(string code, string message, Exception? inner = null)
        : base(code, message, inner) { }
}
