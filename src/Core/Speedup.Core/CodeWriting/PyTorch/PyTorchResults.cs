using Speedup.Core.CodeWriting.Plans;
using TorchSharp.Modules;

namespace Speedup.Core.CodeWriting.PyTorch;

/// <summary>Modules whose arguments and results PyTorch groups in another way than TorchSharp.</summary>
internal static class PyTorchResults
{
    /// <summary>Makes the call of a module return its tensors side by side, as TorchSharp's does.</summary>
    public static string Adapt(CodeModule module, string call, CodeStep step, List<string> reasons)
    {
        if (module.Module is not LSTM)
            return call;
        if (step.Arguments.Any(argument => argument.Value is CodeValue.Items))
            reasons.Add($"{step.Name} is given an initial state, which the writer does not know how to hand over in PyTorch.");
        return $"(lambda out, state: (out, *state))(*{call})";
    }
}
