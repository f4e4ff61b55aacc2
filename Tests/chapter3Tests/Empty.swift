import Testing
@testable import chapter3
