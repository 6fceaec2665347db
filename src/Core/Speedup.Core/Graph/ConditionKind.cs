namespace Speedup.Core.Graph;

/// <summary>What a condition in traced code depends on; several at once where it compares several things.</summary>
[Flags]
public enum ConditionKind
{
    /// <summary>Nothing that changes from pass to pass, such as an option that the model was built with.</summary>
    None = 0,

    /// <summary>Lengths of a tensor: <c>shape</c>, <c>size</c>, <c>numel</c>, <c>ndim</c>, <c>dim</c>, strides, or how many parts a tensor was split into.</summary>
    Size = 1,

    /// <summary>Numbers in a tensor: <c>item</c>, <c>data</c>, conversions to a number or truth, <c>equal</c>.</summary>
    Value = 2,

    /// <summary>A field, static variable or collection that the pass itself writes: a counter, a cache.</summary>
    State = 4,

    /// <summary>The time: <c>DateTime.Now</c>, <c>Stopwatch</c>, <c>Environment.TickCount</c>.</summary>
    Time = 8,

    /// <summary>The machine and the process: environment variables, the console, files, the number of processors.</summary>
    Environment = 16,

    /// <summary>Random numbers, of <c>System.Random</c> or of TorchSharp.</summary>
    Random = 32,

    /// <summary>Nothing that is known: verified passes came out differently, though none of the above was seen to get there.</summary>
    Unknown = 64,
}
