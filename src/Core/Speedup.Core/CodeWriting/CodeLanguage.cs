namespace Speedup.Core.CodeWriting;

/// <summary>The languages that the code of a network can be written in.</summary>
public enum CodeLanguage
{
    /// <summary>A C# class that needs TorchSharp and nothing else, with its weights in a file that TorchSharp's own <c>load</c> reads.</summary>
    CSharp,

    /// <summary>A PyTorch module, with its weights in a <c>.pth</c> file that <c>torch.load</c> reads.</summary>
    PyTorch,
}
