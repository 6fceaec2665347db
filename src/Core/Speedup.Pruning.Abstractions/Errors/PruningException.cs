using Speedup.Abstractions;

namespace Speedup.Pruning.Abstractions;

/// <summary>A request for pruning cannot be met. The model is unchanged.</summary>
public sealed class PruningException : SpeedupException
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">Permanent code, <c>SPD9001</c> and following.</param>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="inner">The cause, if any.</param>
    public PruningException(string code, string message, Exception? inner = null)
        : base(code, message, inner) { }
}
