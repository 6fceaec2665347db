namespace Speedup.Core.Graph;

/// <summary>Kinds of graph nodes.</summary>
public enum NodeKind
{
    /// <summary>The inputs of the model.</summary>
    Input,

    /// <summary>A parameter, buffer or other tensor that does not depend on the inputs.</summary>
    ModelTensor,

    /// <summary>A call of a module.</summary>
    Module,

    /// <summary>A call of a TorchSharp function.</summary>
    Function,

    /// <summary>A place where a tensor left the traced code or was looked at; it keeps what it touches.</summary>
    Escape,

    /// <summary>The outputs of the model.</summary>
    Output,

    /// <summary>A tensor that one call of the model has left to the next, in a pass of several calls.</summary>
    State,
}
