using Speedup.Core.Graph;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>What a plan is made for.</summary>
internal interface IPlanTarget
{
    /// <summary>
    /// Whether a tensor that a call changes in place stays one thing, as a variable of code does. Otherwise it is another value after the call, and
    /// what only shares its memory cannot be followed.
    /// </summary>
    bool HasVariables { get; }

    /// <summary>Why a module cannot be called; null where it can. The words follow the name of the call.</summary>
    /// <param name="module">The module.</param>
    /// <param name="node">A call of it.</param>
    string? FindRefusal(nn.Module module, GraphNode node);

    /// <summary>How a module that can be called is made again; null where the target need not know.</summary>
    /// <param name="module">The module.</param>
    CodeValue.Construction? FindConstruction(nn.Module module);
}
