namespace Speedup.Core.Tracing;

/// <summary>What the rewriter does with a call.</summary>
internal enum CallKind
{
    /// <summary>Left as it is.</summary>
    Plain,

    /// <summary><c>forward</c> or <c>call</c> of a module: goes to the tracer.</summary>
    Module,

    /// <summary>A TorchSharp function on tensors: runs and is recorded.</summary>
    Function,

    /// <summary>A method of user code, not virtual: its body is re-emitted, too.</summary>
    Helper,

    /// <summary>A virtual method of user code: the tracer finds what it runs.</summary>
    VirtualHelper,

    /// <summary><c>Invoke</c> of a delegate that may touch tensors.</summary>
    Delegate,
}
