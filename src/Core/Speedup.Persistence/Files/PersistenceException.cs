using Speedup.Abstractions;
using Speedup.Persistence.Masks;

namespace Speedup.Persistence;

/// <summary>A file could not be read or written: which file, what was found in it, and what to do.</summary>
public sealed class PersistenceException : SpeedupException
{
    /// <summary>Creates an error about a file.</summary>
    /// <param name="code">Permanent code, <c>SPD1001</c> and following.</param>
    /// <param name="filePath">The file as the caller named it.</param>
    /// <param name="message">What was found, and what to do.</param>
    /// <param name="inner">The cause, if any.</param>
    public PersistenceException(string code, string filePath, string message, Exception? inner = null)
        : base(code, $"'{Quoted.Message(filePath)}': {Quoted.Message(message)}", inner) => FilePath = filePath;

    /// <summary>The file as the caller named it.</summary>
    public string FilePath { get; }
}
