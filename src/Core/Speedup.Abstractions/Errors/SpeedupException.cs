namespace Speedup.Abstractions;

/// <summary>Base of all errors that the framework reports: what happened, where, and what to do.</summary>
public class SpeedupException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">Permanent code, such as <c>SPD1001</c>; docs/errors.md explains it.</param>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="inner">The cause, if any.</param>
    public SpeedupException(string code, string message, Exception? inner = null)
        : base($"{code}: {message}", inner) => Code = code;

    /// <summary>Permanent error code.</summary>
    public string Code { get; }

    /// <summary>Path of the module concerned, if any.</summary>
    public string? ModulePath { get; init; }
}
